"""The file of a document's place in its hour: from a node to a holder's phone to a gate that has a pack and no line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from anchors.inclusion import Inclusion, read_inclusion
from api.cli import run
from api.cli.inclusion import _check
from ledger.errors import Unavailable
from tests.api.passing_hours import Site, next_hour, passing_hours
from tests.api.test_documents import bill, enveloped, register

Judged = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with passing_hours(tmp_path_factory.mktemp("inclusion"), next_hour()) as site:
        yield site


def registered(site: Site, number: str) -> tuple[str, str]:
    """A final document: its envelope and its digest."""
    text = enveloped(site.api, bill(number))
    digest = register(site.api, {"envelope": text}).json()["digest"]
    site.api.until_final(digest)
    return text, digest


def get(site: Site, digest: str) -> Any:
    return site.api.http.get(f"/v1/documents/{digest}/inclusion")


@pytest.fixture(scope="module")
def closed(site: Site) -> list[tuple[str, str]]:
    """Two documents, each in a batch of its own, whose hour is over."""
    documents = [registered(site, f"INCL000000{n:02}") for n in range(2)]
    early = get(site, documents[0][1])
    assert (early.status_code, early.json()["code"]) == (503, "gate.hour-open")
    assert early.headers["Retry-After"]
    site.pass_hours("INCL00000090")
    return documents


@pytest.fixture(scope="module")
def device(site: Site, closed: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate")
    (folder / "trust.json").write_bytes(site.api.http.get("/v1/trust").content)
    enrol = ["gate", "enrol", "--dir", str(folder / "device"), "--trust", str(folder / "trust.json")]
    assert run([*enrol, "--by", site.api.node.authority]) == 0
    assert run(["pack", "make", "--home", str(site.api.home)]) == 0
    node = str(site.api.http.base_url)
    assert run(["pack", "fetch", "--dir", str(folder / "device"), "--node", node]) == 0
    return folder / "device"


@pytest.fixture
def judged(device: Path, capsys: pytest.CaptureFixture[str]) -> Judged:
    def judge(envelope: Path, *more: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = run(["verify", str(envelope), "--pack", str(device), "--json", *more])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else {}

    return judge


def test_the_place_is_given_once_the_hour_is_over(site: Site, closed: list[tuple[str, str]]) -> None:
    for _, digest in closed:
        answer = get(site, digest)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        found = read_inclusion(answer.content)
        receipt = site.api.http.get(f"/v1/documents/{digest}").json()
        assert (found.digest.hex(), found.is_in_batch) == (digest, True)
        hour = site.api.node.gates._places._hours.hour(found.hour)
        assert found.is_in_hour(hour.root)
        assert found.root.hex() in json.dumps(receipt)
        assert len(answer.content) < 4_096


def test_who_has_none(site: Site, closed: list[tuple[str, str]]) -> None:
    unknown = get(site, "ab" * 32)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "document.unknown")
    assert get(site, "AB" * 32).status_code == 422
    assert get(site, "nothing").status_code == 422
    late = registered(site, "INCL00000091")[1]
    assert get(site, late).json()["code"] == "gate.hour-open"


def test_from_the_holders_file_to_a_gate_without_a_line(
    site: Site, closed: list[tuple[str, str]], judged: Judged, tmp_path: Path
) -> None:
    """The driver's phone holds the envelope and, beside it, the file; the officer names the envelope only."""
    (text, digest), node = closed[0], str(site.api.http.base_url)
    envelope = tmp_path / "bill.sd-jwt"
    envelope.write_text(text + "\n")
    alone = judged(envelope)[1]
    assert (alone["authentic"], alone["usable"]) == ("INDETERMINATE", "PENDING")
    assert run(["inclusion", str(envelope), "--node", node]) == 0
    assert read_inclusion((tmp_path / "bill.sd-jwt.inclusion").read_bytes()).digest.hex() == digest
    # The machine's clock is an hour behind what the pack says: what can be used cannot be told.
    code, verdict = judged(envelope)
    assert (code, verdict["authentic"], verdict["usable"], verdict["digest"]) == (2, "VALID", "UNKNOWN", digest)
    [final] = [one for one in verdict["findings"] if one["code"] == "anchoring.final"]
    assert final["evidence"]["attested_by"] == site.api.node.authority
    # By its digest, under another name.
    (tmp_path / "other.sd-jwt").write_text(text)
    assert run(["inclusion", digest.upper(), "-o", str(tmp_path / "place"), "--node", node]) == 0
    assert judged(tmp_path / "other.sd-jwt", "--inclusion", str(tmp_path / "place"))[1]["authentic"] == "VALID"


def test_files_that_do_not_belong_to_it(
    site: Site, closed: list[tuple[str, str]], judged: Judged, tmp_path: Path
) -> None:
    """Another batch's file, one that was changed, and one that is none: never VALID, and never INVALID."""
    (text, digest), (_, other) = closed
    own, foreign = get(site, digest).json(), get(site, other).json()
    assert own["root"] != foreign["root"]
    envelope = tmp_path / "bill.sd-jwt"
    envelope.write_text(text)
    beside = tmp_path / "bill.sd-jwt.inclusion"
    beside.write_text(json.dumps(foreign))
    assert judged(envelope)[1]["authentic"] == "INDETERMINATE"
    for change in (
        {name: foreign[name] for name in ("root", "size", "index", "path")},
        {name: foreign[name] for name in ("anchored_at", "hour_index", "hour_path")},
        {"anchored_at": own["anchored_at"] - 3_600},
        {"anchored_at": own["anchored_at"] + 1},
        {"root": "ab" * 32},
        {"index": own["index"] + 1},
        {"hour_index": own["hour_index"] + 1},
        {"hour_path": []},
    ):
        if all(own[name] == value for name, value in change.items()):
            continue
        beside.write_text(json.dumps(own | change))
        assert judged(envelope)[1]["authentic"] == "INDETERMINATE", change
    for content in (b"", b"{}", b"\xff", json.dumps(own | {"more": 1}).encode(), b"[" * 40_000):
        beside.write_bytes(content)
        assert judged(envelope) == (2, {})
    beside.write_text(json.dumps(own))
    assert judged(envelope)[1]["authentic"] == "VALID"


def test_the_command_line_says_what_it_needs(site: Site, closed: list[tuple[str, str]], tmp_path: Path) -> None:
    node, (_, digest) = str(site.api.http.base_url), closed[0]
    (tmp_path / "nothing").write_text("no envelope")
    assert run(["inclusion", str(tmp_path / "nothing"), "--node", node]) == 1
    assert run(["inclusion", digest, "--node", node]) == 64
    assert run(["inclusion", str(tmp_path / "away"), "--node", node]) == 64
    assert run(["inclusion", "ab" * 32, "-o", str(tmp_path / "x"), "--node", node]) == 1
    assert not (tmp_path / "x").exists()


def test_a_node_that_gives_the_place_of_another(site: Site, closed: list[tuple[str, str]]) -> None:
    own, other = (read_inclusion(get(site, digest).content) for _, digest in closed)
    _check(own, own.digest.hex())
    away = Inclusion(own.digest, other.root, other.size, other.index, other.path, own.anchored_at, 0, ())
    for found in (other, away):
        with pytest.raises(Unavailable, match=r"node\.answer"):
            _check(found, own.digest.hex())


def test_what_is_not_final_has_none(site: Site) -> None:
    """The last test here: the node's threads do not start again."""
    text = enveloped(site.api, bill("INCL00000092"))
    site.api.node.worker.stop()
    digest = register(site.api, {"envelope": text}).json()["digest"]
    answer = get(site, digest)
    assert (answer.status_code, answer.json()["code"]) == (409, "inclusion.not-final")
