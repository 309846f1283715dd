"""`portseal recognition | arrangements | operators`: tables, JSON, signatures and proofs that are checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.cli.client import Client
from api.cli.signed_answers import ask
from ledger.authority import Purpose
from ledger.errors import Invalid
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.conftest import Api
from tests.api.told import CODE, PROGRAMME, TREATY, Told, tell

Output = pytest.CaptureFixture[str]


@pytest.fixture
def told(api: Api, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    return tell(api)


@pytest.fixture
def keys(told: Told, tmp_path: Path) -> Path:
    """A trust file with the real key, got from the authority itself."""
    key = told.api.established.keys.service_keys["cn.customs", Purpose.ANSWERS].public_key
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"cn.customs": [key.jwk()]}))
    return path


def test_one_direction(told: Told, keys: Path, capfd: Output) -> None:
    asked = ["recognition", "cn", "sg", "--programme", PROGRAMME]
    assert run([*asked, "--trust", str(keys), "--proofs"]) == 0
    shown = capfd.readouterr().out
    for expected in ("CN recognises SG", "signed by", "pinned in keys.json", "storage slots"):
        assert expected in shown
    assert run([*asked, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["recognised"] is True
    assert run(asked) == 0
    assert "by this node's own word" in capfd.readouterr().out


def test_the_matrix_and_arrangements(told: Told, capfd: Output) -> None:
    assert run(["recognition", "--programme", PROGRAMME]) == 0
    assert "2 of " in capfd.readouterr().out
    for arguments in (["arrangements"], ["arrangements", TREATY]):
        assert run(arguments) == 0
        assert TREATY in capfd.readouterr().out


def test_operators_and_benefits(told: Told, capfd: Output) -> None:
    assert run(["operators", "cn.customs", CODE]) == 0
    assert "It is authorised." in capfd.readouterr().out
    assert run(["operators", "cn.customs", "NO/BODY"]) == 0
    assert "has no such operator" in capfd.readouterr().out
    assert run(["operators", "cn.customs", "NO/BODY", "--relying-country", "sg"]) == 0
    assert "operator-unknown" in capfd.readouterr().out


def test_a_key_that_is_not_pinned(told: Told, tmp_path: Path, capfd: Output) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"cn.customs": [PrivateKey.generate(Algorithm.ES256).public_key.jwk()]}))
    assert run(["recognition", "CN", "SG", "--trust", str(other)]) == 1
    shown = capfd.readouterr()
    assert "answer.key" in shown.err
    assert "recognises" not in shown.out


class Changed(Client):
    """A node, or somebody before it, that changes answers on their way."""

    def __init__(self, node: str, member: str, value: Any) -> None:
        super().__init__(node)
        self.change = {member: value}

    def get(self, path: str, **params: str | int | None) -> Any:
        answer = super().get(path, **params)
        return answer | self.change if path == "/v1/recognitions" else answer


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("recognised", False, "answer.signature"),
        ("signature", None, "answer.unsigned"),
        ("proofs", {"header": "0x"}, "answer.signature"),
        ("as_of", {}, "answer.signature"),
    ],
)
def test_a_changed_answer_is_not_shown(told: Told, keys: Path, member: str, value: Any, code: str) -> None:
    client = Changed(str(told.api.http.base_url), member, value)
    with pytest.raises(Invalid) as caught:
        ask(client, "/v1/recognitions", keys, by="CN", of="SG", programme=PROGRAMME)
    assert caught.value.code == code
