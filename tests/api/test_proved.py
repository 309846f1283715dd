"""Verifications over HTTP that believe only what is proved, and the trust roots that a node proves by."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.node_roots import NodeRoots
from ledger.errors import Invalid, Unavailable
from ledger.rosters import roster_facts
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register
from tests.own_logs import own_logs
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots


@pytest.fixture(scope="module")
def text(api: Api) -> str:
    found = enveloped(api, bill("PROVED-1"))
    api.until_final(register(api, {"envelope": found}).json()["digest"])
    return found


def ask(api: Api, text: str, **params: str) -> dict[str, Any]:
    answer = api.http.post("/v1/verifications", json={"envelope": text}, params=params)
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


def test_the_same_verdict_with_proofs(api: Api, text: str) -> None:
    plainly, proved = ask(api, text), ask(api, text, proved="true")
    assert (plainly["proved"], proved["proved"]) == (False, True)
    assert (proved["authentic"], proved["usable"]) == ("VALID", "ACTIVE")
    assert [one["code"] for one in proved["findings"]] == [one["code"] for one in plainly["findings"]]
    assert proved["finality"]["form"] == "checkpoint"
    assert proved["as_of"]["block"] == proved["finality"]["block"]


def test_a_revocation_is_seen_once_it_is_final(api: Api) -> None:
    found = enveloped(api, bill("PROVED-2"))
    digest = register(api, {"envelope": found}).json()["digest"]
    api.until_final(digest)
    assert ask(api, found, proved="true")["usable"] == "ACTIVE"
    answer = api.http.post(f"/v1/documents/{digest}/status", json={"status": "revoked"}, headers=api.key(CARRIER))
    assert answer.status_code < 300, answer.text
    # Its block is cosigned as soon as the pipeline looks at it.
    api.until_final(register(api, {"envelope": enveloped(api, bill("PROVED-3"))}).json()["digest"])
    assert ask(api, found, proved="true")["usable"] == "REVOKED"


def test_what_the_node_is_set_to(api: Api, text: str) -> None:
    settings = api.node.settings.model_copy(update={"proved": True})
    object.__setattr__(api.node, "settings", settings)
    try:
        assert ask(api, text)["proved"] is True
        assert ask(api, text, proved="false")["proved"] is False
    finally:
        object.__setattr__(api.node, "settings", settings.model_copy(update={"proved": False}))


def test_by_the_command_line(api: Api, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bill"
    file.write_text(text)
    arguments = ["verify", str(file), "--node", str(api.http.base_url), "--json"]
    for option, proved in ((["--proved"], True), (["--not-proved"], False), ([], False)):
        assert run([*arguments, *option]) == 0
        assert json.loads(capsys.readouterr().out)["proved"] is proved


def roots_of(api: Api, named: Path | None, kept: Path) -> NodeRoots:
    node = api.node
    return NodeRoots(named, kept, node.network, node.chain, node.authority_registry)


def test_roots_of_the_first_use_are_kept(api: Api, tmp_path: Path) -> None:
    kept = tmp_path / "trust.json"
    first = roots_of(api, None, kept)()
    assert read_trust(kept.read_bytes()) == first
    assert roots_of(api, None, kept)() == first
    # The node of these tests has kept its own when it was first asked.
    assert (api.home / "trust.json").exists()


def test_roots_of_the_first_use_are_told_and_are_never_of_members_who_cannot_sign(api: Api, tmp_path: Path) -> None:
    kept, node = tmp_path / "trust.json", api.node
    facts = roster_facts(node.authority_registry, node.chain.head().number)
    keyless = {name: dataclasses.replace(one, keys=()) for name, one in facts.authorities.items()}
    with pytest.MonkeyPatch.context() as patch, own_logs() as logs:
        patch.setattr("verifier.trust_making.roster_facts", lambda *_: dataclasses.replace(facts, authorities=keyless))
        with pytest.raises(Unavailable, match=r"trust\.roster"):
            roots_of(api, None, kept)()
    assert not logs
    assert not kept.exists()
    with own_logs() as logs:
        found = roots_of(api, None, kept)()
        assert roots_of(api, None, kept)() == found
    [said] = logs
    assert (said["event"], said["log_level"]) == ("trust roots taken from the chain", "warning")
    assert found.fingerprint in said["detail"]


def test_roots_that_are_named(api: Api, tmp_path: Path) -> None:
    kept, named = tmp_path / "kept.json", tmp_path / "named.json"
    found: TrustRoots = roots_of(api, None, kept)()
    named.write_text(json.dumps(dataclasses.replace(found, network="another name").to_json()))
    assert roots_of(api, named, kept)().network == "another name"
    named.write_text(json.dumps(dataclasses.replace(found, chain_id=1).to_json()))
    for wrong, code in ((named, "trust.network"), (tmp_path / "none.json", "trust.file")):
        with pytest.raises(Invalid) as caught:
            roots_of(api, wrong, kept)()
        assert caught.value.code == code
