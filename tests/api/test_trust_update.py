"""Trust roots brought up to date from a node and from evidence, and evidence made for given trust roots."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from tests.api.conftest import Api
from tests.api.test_documents import bill, enveloped, register
from tests.api.test_evidence import ENVELOPE
from verifier.evidence_reading import read_evidence, read_hand_overs
from verifier.trust_reading import read_trust


@pytest.fixture(scope="module")
def trust(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Roots of before what the tests register."""
    path = tmp_path_factory.mktemp("trust") / "trust.json"
    path.write_bytes(api.http.get("/v1/trust").content)
    return path


@pytest.fixture(scope="module")
def digest(api: Api, trust: Path) -> str:
    text = enveloped(api, bill("TRUST-1"))
    found = register(api, {"envelope": text}).json()["digest"]
    api.until_final(found)
    return str(found)


def test_hand_overs_from_a_node(api: Api, trust: Path, digest: str) -> None:
    roots = read_trust(trust.read_bytes())
    answer = api.http.get("/v1/trust/hand-overs", params={"after": roots.block})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/cbor"
    file = read_hand_overs(answer.content)
    assert (file.chain_id, len(file.hand_overs)) == (roots.chain_id, 1)


@pytest.mark.parametrize("after", ["", "-1", "x", str(2**70)])
def test_blocks_that_are_none(api: Api, after: str) -> None:
    assert api.http.get("/v1/trust/hand-overs", params={"after": after}).status_code == 422


def test_a_block_that_is_not_there(api: Api) -> None:
    answer = api.http.get("/v1/trust/hand-overs", params={"after": 10**9})
    assert (answer.status_code, answer.json()["code"]) == (404, "block.unknown")


def test_update_from_the_node(
    api: Api, trust: Path, digest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = tmp_path / "newer.json"
    assert run(["trust", "update", str(trust), "--from", str(api.http.base_url), "-o", str(newer)]) == 0
    old, new = read_trust(trust.read_bytes()), read_trust(newer.read_bytes())
    assert new.block > old.block
    assert new.fingerprint in capsys.readouterr().out
    assert (new.contracts, new.chain_id, new.network) == (old.contracts, old.chain_id, old.network)
    assert new.finality == old.finality
    # In place of the old ones, where no other file is named.
    kept = tmp_path / "kept.json"
    kept.write_bytes(trust.read_bytes())
    assert run(["trust", "update", str(kept), "--from", str(api.http.base_url)]) == 0
    assert read_trust(kept.read_bytes()).block >= new.block
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kept.json", "newer.json"]


def test_nothing_newer_is_said_so(
    api: Api, trust: Path, digest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = tmp_path / "bare.evidence"
    evidence.write_bytes(api.http.get(f"/v1/documents/{digest}/evidence").content)
    before = trust.read_bytes()
    assert run(["trust", "update", str(trust), "--from", str(evidence)]) == 2
    assert "trust.not-handed-over" in capsys.readouterr().err
    assert trust.read_bytes() == before


def test_files_that_are_none(trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"\xa1\x61v\x01")
    before = trust.read_bytes()
    for arguments in (
        [str(trust), "--from", str(wrong)],
        [str(wrong), "--from", str(trust)],
        [str(trust), "--from", "no"],
    ):
        assert run(["trust", "update", *arguments]) == 1
        out, err = capsys.readouterr()
        assert (out, bool(err)) == ("", True)
    assert run(["trust", "update", str(trust)]) == 64
    assert run(["trust", "update", "--help"]) == 0
    assert trust.read_bytes() == before


def test_roots_of_another_chain(api: Api, trust: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = json.loads(trust.read_bytes())
    other = tmp_path / "other.json"
    other.write_text(json.dumps(members | {"chain_id": members["chain_id"] + 1}))
    assert run(["trust", "update", str(other), "--from", str(api.http.base_url)]) == 1
    assert "evidence.chain" in capsys.readouterr().err


def test_evidence_made_for_given_trust_roots(
    api: Api, trust: Path, digest: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bare.evidence"
    node = ["--node", str(api.http.base_url)]
    assert run(["evidence", digest, "-o", str(out), "--trust", str(trust), *node]) == 0
    # Those who might sign then still do: nothing has to be handed over.
    assert read_evidence(out.read_bytes()).hand_overs == ()
    members: Any = json.loads(trust.read_bytes())
    strangers = tmp_path / "strangers.json"
    for one in members["finality"]["authorities"].values():
        one["keys"] = []
    strangers.write_text(json.dumps(members))
    out.unlink()
    assert run(["evidence", digest, "-o", str(out), "--trust", str(strangers), *node]) == 2
    assert "finality.hand-over" in capsys.readouterr().err
    assert not out.exists()


def test_evidence_for_a_block_over_http(api: Api, digest: str) -> None:
    path = f"/v1/documents/{digest}/evidence"
    assert api.http.get(path, params={"trusted_block": 0}).status_code == 200
    assert api.http.get(path, params={"trusted_block": -1}).status_code == 422
    assert api.http.get(path, params={"trusted_block": 10**9}).json()["code"] == "block.unknown"
    text = enveloped(api, bill("TRUST-2"))
    answer = api.http.post("/v1/evidence", content=text, headers=ENVELOPE, params={"trusted_block": 1})
    assert answer.json()["code"] == "document.unknown"
