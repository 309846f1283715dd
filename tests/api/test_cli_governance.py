"""The consortium governed from the command line: votes, accounts and keys; and issuers accredited, from key to key."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.moment import show
from ledger.account import Account
from ledger.authority import Role
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.conftest import Api
from tests.api.keystores import PASSPHRASE, keystore, of_authority

Output = pytest.CaptureFixture[str]
Did = Callable[..., dict[str, Any]]


@pytest.fixture
def did(api: Api, monkeypatch: pytest.MonkeyPatch, capfd: Output) -> Did:
    """Run a command that must succeed; return its JSON."""
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    monkeypatch.setenv("PORTSEAL_NETWORK", str(api.home / "network.json"))
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", PASSPHRASE)

    def do(*arguments: str) -> dict[str, Any]:
        capfd.readouterr()
        assert run([*arguments, "--json"]) == 0, capfd.readouterr().err
        answer: dict[str, Any] = json.loads(capfd.readouterr().out)
        return answer

    return do


def public(folder: Path, algorithm: Algorithm) -> tuple[PrivateKey, str]:
    key = PrivateKey.generate(algorithm)
    path = folder / f"{key.public_key.kid}.json"
    path.write_text(json.dumps(key.public_key.jwk()))
    return key, str(path)


def voters(api: Api, folder: Path) -> list[list[str]]:
    countries = ("cn", "sg", "kr", "jp", "au", "bn", "kh", "id")
    return [["--account", of_authority(api, folder, f"{code}.customs", Role.VOTE)] for code in countries]


def test_a_country_is_admitted_and_only_by_a_quorum(api: Api, did: Did, tmp_path: Path, capfd: Output) -> None:
    first, *others = voters(api, tmp_path)
    vote, act = Account.generate(), Account.generate()
    admission = ["TL", "--authority", "tl.customs", "--vote", vote.address, "--act", act.address]
    number = str(did("member", "propose-admission", *admission, *first)["proposal"])
    assert run(["member", "approve", number, *others[0]]) == 1, "nobody said yes"
    said = capfd.readouterr().out
    for shown in (
        "admitMember(bytes2,uint64)",
        "country TL",
        "role vote",
        vote.address,
        "1 of 8 needed",
    ):
        assert shown in said
    assert run(["member", "execute", number, *first]) == 1
    assert "contract.AuthorityRegistryQuorumMissing" in capfd.readouterr().err
    for voter in others:
        did("member", "approve", number, "--yes", *voter)
    did("member", "withdraw", number, *others[-1])
    assert run(["member", "execute", number, *first]) == 1
    did("member", "approve", number, "--yes", *others[-1])
    did("member", "execute", number, *first)
    shown_one = did("member", "proposals", number)
    assert (shown_one["state"], len(shown_one["approvals"])) == ("executed", 8)
    assert run(["member", "proposals"]) == 0
    assert f"Proposal {number}: executed" in capfd.readouterr().out
    assert run(["member", "proposals", "999"]) == 1
    answer = did("authorities", "tl.customs")
    assert answer["in_office"]
    assert {one["address"]: one["role"] for one in answer["accounts"]} == {vote.address: "vote", act.address: "act"}
    key, file = public(tmp_path, Algorithm.ED25519)
    own = ["--account", keystore(tmp_path, act)]
    did("authorities", "add-key", "tl.customs", "answers", file, *own)
    assert [one["kid"] for one in did("authorities", "tl.customs")["service_keys"]] == [key.public_key.kid]
    did("authorities", "end-key", key.public_key.kid, *own)
    assert not did("authorities", "tl.customs")["service_keys"][0]["in_service"]


def test_every_proposal_says_what_it_does(api: Api, did: Did, tmp_path: Path) -> None:
    """Proposed only: that the registry does these things by vote, and how, tests/ledger shows."""
    [by, *_] = voters(api, tmp_path)
    old, new = api.established.keys.accounts["sg.customs", Role.ACT].address, Account.generate().address
    later = show(int(time.time()) + 90 * 86400) or ""
    successor = api.node.registries.operator.contract.address
    for arguments, functions in (
        (["propose-end", "LA", "--quorum", "7"], ["changeQuorum(uint256)", "endMember(bytes2,uint64)"]),
        (["propose-quorum", "9", "--expires", later], ["changeQuorum(uint256)"]),
        (["propose-authority", "SG", "sg.ports", "--domain", "maritime", "--act", new], ["addAuthority", "addAccount"]),
        (["propose-end-authority", "sg.chamber", "--from", later], ["endAuthority"]),
        (["propose-accounts", "sg.customs", "--act", new, "--anchor", new], ["addAccount", "addAccount"]),
        (["propose-end-account", old], ["endAccount"]),
        (["rotate-account", "sg.customs", "act", old, new], ["addAccount", "endAccount"]),
        (["propose-successor", "IssuerRegistry", successor], ["nameSuccessor"]),
        (["propose-successor", "IssuerRegistry"], ["nameSuccessor"]),
    ):
        number = did("member", *arguments, *by)["proposal"]
        answer = did("member", "proposals", str(number))
        assert [one["function"].partition("(")[0] for one in answer["calls"]] == [
            name.partition("(")[0] for name in functions
        ]
        assert (answer["state"], answer["approvals"]) == ("open", ["CN"])


def test_an_account_is_rotated(api: Api, did: Did, tmp_path: Path) -> None:
    first, *others = voters(api, tmp_path)
    old, new = api.established.keys.accounts["kr.chamber", Role.ACT].address, Account.generate()
    number = str(did("member", "rotate-account", "kr.chamber", "act", old, new.address, *first)["proposal"])
    for voter in others:
        did("member", "approve", number, "--yes", *voter)
    did("member", "execute", number, *others[0])
    accounts = {one["address"]: one["role"] for one in did("authorities", "kr.chamber")["accounts"]}
    assert (accounts[old], accounts[new.address]) == (None, "act")
    did("issuers", "suspend", "kr.busan-origin", "--account", keystore(tmp_path, new))


def test_an_issuer_from_its_entry_to_its_compromised_key(api: Api, did: Did, tmp_path: Path, capfd: Output) -> None:
    by, own = ["--account", of_authority(api, tmp_path, "jp.chamber")], Account.generate()
    did("issuers", "add", "jp.osaka-origin", "--accreditor", "jp.chamber", *by)
    kind = "certificate-of-origin"
    did("issuers", "accredit", "jp.osaka-origin", kind, "--limit", "agreement", *by)
    did("issuers", "add-scope", "jp.osaka-origin", kind, "agreement.rcep", "agreement.cptpp", *by)
    did("issuers", "end-scope", "jp.osaka-origin", kind, "agreement.cptpp", *by)
    did("issuers", "add-account", "jp.osaka-origin", own.address, *by)
    (first, file), (second, other) = public(tmp_path, Algorithm.ES256), public(tmp_path, Algorithm.ED25519)
    did("issuers", "add-key", "jp.osaka-origin", file, *by)
    did("issuers", "add-key", "jp.osaka-origin", other, *by)
    did("issuers", "suspend-key", first.public_key.kid, "--account", keystore(tmp_path, own))
    stated = ["issuers", "compromised", first.public_key.kid, "--since", "2026-01-01T00:00:00Z"]
    assert run([*stated, "--account", keystore(tmp_path, own)]) == 1
    assert "contract.IssuerRegistryNotAccreditor" in capfd.readouterr().err
    did("issuers", "reinstate-key", first.public_key.kid, *by)
    did(*stated, *by)
    did("issuers", "retire-key", f"0x{second.public_key.thumbprint.hex()}", *by)
    keys = {one["kid"]: one for one in did("issuers", "jp.osaka-origin")["keys"]}
    assert keys[first.public_key.kid]["compromised_since"] == "2026-01-01T00:00:00Z"
    assert keys[second.public_key.kid]["state"] == "retired"
    did("issuers", "authorize-body", "jp.osaka-origin", *by)
    did("issuers", "end-body", "jp.osaka-origin", *by)
    did("issuers", "suspend", "jp.osaka-origin", *by)
    assert did("issuers", "jp.osaka-origin")["state"] == "suspended"
    did("issuers", "reinstate", "jp.osaka-origin", *by)
    did("issuers", "end-accreditation", "jp.osaka-origin", kind, *by)
    did("issuers", "end-account", own.address, *by)
    assert not did("issuers", "show", "jp.osaka-origin")["accreditations"][0]["accredited"]
