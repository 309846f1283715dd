"""`portseal decide` and `portseal policy`, against a real node."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import build
from api.cli import run
from api.decision_policy import policy_of
from api.demonstration.samples import sample
from api.settings import Settings
from ledger.errors import Invalid
from tests.api.conftest import Api
from tests.api.consignments import AEO, BILL, CERTIFICATE, DECLARATION, INVOICE, final
from verifier.decision.policy_reading import default_policy

Output = pytest.CaptureFixture[str]
CARRIER = "cn.eastern-meridian"
OWN = """format = 1
name = "own"
version = "7"
[[rule]]
name = "everything"
inspection = "physical"
why.en = "Everything is looked at this week."
why.zh = "本周全部查验。"
"""


@pytest.fixture(scope="module")
def files(api: Api, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("consignment")
    found = {}
    for number, kind in enumerate((BILL, CERTIFICATE, AEO)):
        member = "transportDocumentReference" if kind == BILL else "certificateNumber"
        found[kind] = folder / f"{kind}.sd-jwt"
        found[kind].write_text(final(api, kind, **{member: f"CLIDECIDE{number}"}) + "\n", encoding="ascii")
    for kind in (DECLARATION, INVOICE):
        document: dict[str, Any] = sample(kind)
        document["transport"]["transportDocumentReference"] = "CLIDECIDE0"
        found[kind] = folder / f"{kind}.json"
        found[kind].write_text(json.dumps(document), encoding="utf-8")
    return found


@pytest.fixture(autouse=True)
def the_node(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    monkeypatch.setenv("PORTSEAL_API_KEY", api.established.tenants[CARRIER].api_key)


def names(files: dict[str, Path]) -> list[str]:
    return [str(path) for path in files.values()]


def test_the_whole_consignment(files: dict[str, Path], capfd: Output) -> None:
    code = run(["decide", *names(files), "--relying-country", "SG", "--json"])
    answer = json.loads(capfd.readouterr().out)
    assert [one["kind"] for one in answer["documents"]] == list(files)
    assert [one["code"] for one in answer["findings"] if one["outcome"] != "pass"] == []
    assert code == (0 if answer["recommendation"]["inspection"] == "none" else 3)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Two documents contradict each other."), ("zh", "单证之间存在矛盾。")]
)
def test_a_contradiction_is_told_to_people(
    files: dict[str, Path], tmp_path: Path, capfd: Output, language: str, says: str
) -> None:
    document = json.loads(files[DECLARATION].read_text())
    document["packages"]["number"] = 1761
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(document))
    assert run(["decide", str(files[BILL]), str(changed), "--language", language]) == 3
    shown = capfd.readouterr().out
    for expected in (says, "package.differs", "/packages/number", "1761", "VALID"):
        assert expected in shown


def test_a_forged_document_ends_with_1(files: dict[str, Path], tmp_path: Path, capfd: Output) -> None:
    forged = tmp_path / "forged.sd-jwt"
    forged.write_text(files[BILL].read_text().replace("~W", "~X", 1))
    assert run(["decide", str(forged)]) == 1
    assert "forged" in capfd.readouterr().out


def test_own_rules(files: dict[str, Path], tmp_path: Path, capfd: Output) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    assert run(["decide", str(files[BILL]), "--policy", str(path)]) == 3
    assert "Everything is looked at this week." in capfd.readouterr().out
    path.write_text(OWN.replace("physical", "phisical"), encoding="utf-8")
    assert run(["decide", str(files[BILL]), "--policy", str(path)]) == 1
    assert "own.toml: rule[1].inspection" in capfd.readouterr().err


def test_a_kind_can_be_named(files: dict[str, Path], tmp_path: Path, capfd: Output) -> None:
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps(sample(BILL)))
    assert run(["decide", str(plain)]) == 1
    assert "does not say what it is" in capfd.readouterr().err
    assert run(["decide", f"{BILL}:{plain}"]) == 3
    assert "A statement without a signature" in capfd.readouterr().out


def test_policy_check_names_every_problem(tmp_path: Path, capfd: Output) -> None:
    path = tmp_path / "x.toml"
    path.write_text(OWN, encoding="utf-8")
    assert run(["policy", "check", str(path), "--language", "zh"]) == 0
    assert "本周全部查验。" in capfd.readouterr().out
    path.write_text(OWN.replace("why.zh", "why.de").replace('version = "7"\n', ""), encoding="utf-8")
    assert run(["policy", "check", str(path)]) == 1
    shown = capfd.readouterr().err
    assert shown.count("x.toml: ") == 3
    for expected in ("x.toml: version: is missing", "rule[1].why.zh: is missing", "rule[1].why.de: is not a key"):
        assert expected in shown
    path.write_bytes(b"rule = [")
    assert run(["policy", "check", str(path)]) == 1
    assert "is not TOML" in capfd.readouterr().err


def test_policy_show_prints_ours(tmp_path: Path, capfd: Output) -> None:
    assert run(["policy", "show"]) == 0
    path = tmp_path / "ours.toml"
    path.write_text(capfd.readouterr().out, encoding="utf-8")
    assert run(["policy", "check", str(path)]) == 0
    assert default_policy().sha256.hex() in capfd.readouterr().out


def test_a_node_takes_its_customs_rules_from_a_file(api: Api, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    assert policy_of(Settings(decision_policy=path)).version == "7"
    assert policy_of(Settings()) is default_policy()
    path.write_text("format = 1", encoding="utf-8")
    with pytest.raises(Invalid) as wrong:
        build(Settings(home=api.home, decision_policy=path))
    assert wrong.value.code == "decision-policy.form"
    with pytest.raises(Invalid) as missing:
        policy_of(Settings(decision_policy=tmp_path / "none.toml"))
    assert missing.value.code == "settings.decision-policy"
    assert str(tmp_path) not in missing.value.detail
