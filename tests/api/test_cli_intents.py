"""Members write with the command line: by any member's node, or signing on a machine that has no network."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from ledger.account import Account
from ledger.authority import Role
from ledger.document_registry import Status
from ledger.intent import intent_of
from ledger.intent_form import intent_to_json
from tests.api.conftest import Api
from tests.api.keystores import PASSPHRASE, keystore, of_authority

Output = pytest.CaptureFixture[str]
Keystore = Callable[..., str]


@pytest.fixture
def of(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keystore:
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    monkeypatch.setenv("PORTSEAL_NETWORK", str(api.home / "network.json"))
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", PASSPHRASE)
    return lambda authority, role=Role.ACT: of_authority(api, tmp_path, authority, role)


def told(capfd: Output) -> Any:
    return json.loads(capfd.readouterr().out)


def test_an_operator_from_entering_to_its_end(api: Api, of: Keystore, capfd: Output) -> None:
    by = ["--account", of("sg.customs")]
    roles = ["--role", "exporter", "--role", "customs-broker"]
    assert run(["operators", "enter", "CLI/1", "--tier", "2", *roles, *by]) == 0
    said = capfd.readouterr()
    assert "mined" in said.out
    for shown in ("OperatorRegistry at 0x", "grant(", "code CLI/1, tier 2, roles exporter, customs_broker"):
        assert shown in said.err
    assert run(["operators", "suspend", "CLI/1", "--reason", "3", *by]) == 0
    capfd.readouterr()
    assert run(["operators", "sg.customs", "CLI/1", "--json"]) == 0
    assert told(capfd)["reason"] == "operator-suspended"
    assert run(["operators", "suspend", "CLI/1", *by]) == 1
    assert "contract.OperatorRegistrySuspended" in capfd.readouterr().err
    assert run(["operators", "reinstate", "CLI/1", *by]) == 0
    assert run(["operators", "alias", "CLI/1", "cn.customs", "SGCN/1", *by]) == 0
    assert run(["operators", "end-alias", "sg.customs", "cn.customs", "SGCN/1", *by]) == 0
    assert run(["operators", "end", "CLI/1", *by]) == 0
    capfd.readouterr()
    assert run(["operators", "show", "sg.customs", "CLI/1", "--json"]) == 0
    assert told(capfd)["reason"] == "operator-ended"


def test_an_arrangement_and_a_direction_under_it(api: Api, of: Keystore, capfd: Output) -> None:
    one, other = ["--account", of("sg.customs")], ["--account", of("nz.customs")]
    treaty, programme = "sg.nz-origin", ["--programme", "origin"]
    assert run(["arrangements", "propose", treaty, "--with", "nz", *programme, *one]) == 0
    assert run(["arrangements", "accept", treaty, *other]) == 0
    terms = ["SG", "NZ", "--arrangement", treaty, "--role", "exporter", "--benefits", "ab" * 32]
    assert run(["recognition", "offer", *terms, *one]) == 0
    assert run(["recognition", "accept", *terms[:-1], "cd" * 32, *other]) == 1
    assert "contract.RecognitionRegistryOfferNotOpen" in capfd.readouterr().err
    assert run(["recognition", "accept", *terms, *other]) == 0
    capfd.readouterr()
    answers = []
    asked = ["recognition", "SG", "NZ", *programme, "--json"]
    for change in (["suspend"], ["resume"], ["end"]):
        assert run(asked) == 0
        answers.append(told(capfd)["reason"])
        assert run(["recognition", *change, "SG", "NZ", *programme, *other]) == 0
        capfd.readouterr()
    assert run(asked) == 0
    assert [*answers, told(capfd)["reason"]] == ["in-effect", "suspended", "in-effect", "ended"]
    assert run(["arrangements", "suspend", treaty, "--country", "NZ", *other]) == 1
    assert "arrangement.no-direction" in capfd.readouterr().err
    assert run(["recognition", "offer", *terms[:-2], *one]) == 0
    assert run(["recognition", "close", *terms[:-2], *other]) == 0
    assert run(["arrangements", "invite", treaty, "au", *one]) == 0
    assert run(["arrangements", "leave", treaty, *other]) == 0
    capfd.readouterr()
    assert run(["arrangements", treaty, "--json"]) == 0
    assert {one["country"]: one["state"] for one in told(capfd)["parties"]} == {
        "SG": "party",
        "NZ": "left",
        "AU": "invited",
    }


def test_signed_on_a_machine_without_network(api: Api, of: Keystore, tmp_path: Path, capfd: Output) -> None:
    account, unsigned, signed = of("jp.customs"), tmp_path / "unsigned.json", tmp_path / "signed.json"
    address = api.established.keys.accounts["jp.customs", Role.ACT].address
    drafted = ["operators", "enter", "OFFLINE", "--signer", address, "--out", str(unsigned)]
    assert run(drafted) == 0
    assert run(drafted) == 1  # never over a file that is there
    assert run(["intent", "submit", str(unsigned)]) == 1
    said = capfd.readouterr().err
    assert "file.exists" in said
    assert "intent.unsigned" in said
    assert run(["intent", "show", str(unsigned)]) == 0
    shown = capfd.readouterr().out
    assert "code OFFLINE" in shown
    assert "not signed yet" in shown
    away = ["--network", str(api.home / "network.json"), "--yes"]
    assert run(["intent", "sign", str(unsigned), "--account", of("sg.customs"), "--out", str(signed), *away]) == 1
    assert "intent.signer" in capfd.readouterr().err
    assert run(["intent", "sign", str(unsigned), "--account", account, "--out", str(signed), *away]) == 0
    capfd.readouterr()
    assert run(["intent", "show", str(signed)]) == 0
    assert "signed by its signer" in capfd.readouterr().out
    assert run(["intent", "submit", str(signed), "--json"]) == 0
    answer = told(capfd)
    assert answer["state"] == "mined"
    assert run(["intent", "status", answer["intent"], "--json"]) == 0
    assert told(capfd) == answer
    assert run(["intent", "sign", str(signed), "--account", account, "--out", str(tmp_path / "x"), *away]) == 1
    assert "intent.signed" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("chain_id", 5, "intent.other-network"),
        ("contract", "0x5FbDB2315678afecb367f032d93F642f64180aa3", "intent.other-network"),
        ("action", "suspend(bytes32[],uint32)", "call.unreadable"),
        ("action", "transferOwnership(address)", "intent.action"),
        ("arguments", ["0x" + "00" * 32], "call.unreadable"),
        ("registry", "OtherRegistry", "intent.form"),
    ],
)
def test_nothing_is_signed_that_is_not_for_this_network_or_cannot_be_read(
    api: Api, of: Keystore, tmp_path: Path, capfd: Output, member: str, value: Any, code: str
) -> None:
    unsigned, signed = tmp_path / "unsigned.json", tmp_path / "signed.json"
    address = api.established.keys.accounts["jp.customs", Role.ACT].address
    assert run(["operators", "enter", "TRAP", "--signer", address, "--out", str(unsigned)]) == 0
    unsigned.write_text(json.dumps(json.loads(unsigned.read_text()) | {member: value}))
    signing = ["intent", "sign", str(unsigned), "--account", of("jp.customs"), "--out", str(signed), "--yes"]
    assert run(signing) == 1
    assert code in capfd.readouterr().err
    assert not signed.exists()


def test_a_file_cannot_write_lines_of_what_is_shown(api: Api, of: Keystore, tmp_path: Path, capfd: Output) -> None:
    """An operator's code is any text in an intent that somebody prepared; the contract would refuse it, too late."""
    chain = api.node.registries.operator.contract
    grants = [("SPOOF\n  signer    0xother\x1b[2J\u202e", 0, 0, 0, 0)]
    call = chain.write("grant", grants)
    address = api.established.keys.accounts["jp.customs", Role.ACT].address
    intent = intent_of(call, address, chain_id=1, subject=bytes(32), nonce=0, deadline=1)
    file = tmp_path / "spoof.json"
    file.write_text(json.dumps(intent_to_json(intent)))
    assert run(["intent", "show", str(file)]) == 0
    shown = capfd.readouterr().out
    assert "SPOOF\\n  signer    0xother\\x1b[2J\\u202e" in shown
    assert shown.count("\n") == 8


def test_a_document_is_revoked_by_its_issuers_own_account(
    api: Api, of: Keystore, tmp_path: Path, capfd: Output
) -> None:
    own = keystore(tmp_path, api.established.keys.issuer_accounts["sg.origin-desk"])
    asked = ["issuers", "set-status", "sg.origin-desk", "ab" * 32]
    assert run([*asked, "superseded", "--successor", "cd" * 32, "--account", own]) == 0
    assert run([*asked, "revoked", "--reason", "4", "--account", own]) == 0
    entries = api.node.registries.document.status_entries("sg.origin-desk", b"\xab" * 32)
    assert [(entry.code, entry.detail) for entry in entries] == [(Status.SUPERSEDED, 0), (Status.REVOKED, 4)]
    assert run([*asked, "reinstated", "--account", own]) == 1
    assert "contract.DocumentRegistryStatusFinal" in capfd.readouterr().err


def test_what_was_signed_and_not_submitted_is_made_void(api: Api, of: Keystore, tmp_path: Path, capfd: Output) -> None:
    by, kept = ["--account", of("jp.customs")], tmp_path / "kept.json"
    assert run(["operators", "enter", "VOID-2", "--out", str(kept), *by]) == 0
    subject = json.loads(kept.read_text())["subject"]
    assert run(["intent", "skip", "OperatorRegistry", subject, *by]) == 0
    assert run(["intent", "submit", str(kept)]) == 1
    assert "intent.nonce-used" in capfd.readouterr().err
    assert run(["operators", "enter", "VOID-2", *by]) == 0  # the one after it is not void


def test_an_urgent_one_goes_past_one_that_was_never_submitted(of: Keystore, tmp_path: Path, capfd: Output) -> None:
    by = ["--account", of("kr.customs")]
    assert run(["operators", "enter", "URGENT-2", *by]) == 0
    behind = ["operators", "suspend", "URGENT-2", "--nonce", "7", *by]
    assert run(behind) == 1
    assert "intent.nonce-ahead" in capfd.readouterr().err
    assert run([*behind[:-4], "--subject", "urgent", *by]) == 0


def test_wrong_use_is_said_plainly(api: Api, of: Keystore, tmp_path: Path, capfd: Output, monkeypatch: Any) -> None:
    assert run(["operators", "enter", "X"]) == 64
    assert "--signer and --out" in capfd.readouterr().err
    stranger = ["--account", keystore(tmp_path, Account.generate())]
    assert run(["operators", "enter", "X", *stranger]) == 1
    assert "intent.signer" in capfd.readouterr().err
    by = ["--account", of("kr.customs")]
    for arguments, code in (
        (["operators", "enter", "X", "--role", "pirate"], "argument.word"),
        (["operators", "enter", " X"], "operator.code"),
        (["operators", "enter", "X", "--from", "tomorrow"], "time.form"),
        (["recognition", "suspend", "Singapore", "NZ"], "country.form"),
        (["authorities", "end-key", "abc"], "key.thumbprint"),
        (["issuers", "add-account", "kr.x", "0x" + "ab" * 20], "argument.address"),
        (["member", "propose-accounts", "kr.customs"], "member.nothing"),
    ):
        assert run([*arguments, *by]) == 1, arguments
        assert code in capfd.readouterr().err, arguments
    monkeypatch.delenv("PORTSEAL_NETWORK")
    monkeypatch.setenv("PORTSEAL_HOME", str(tmp_path / "nowhere"))
    assert run(["operators", "enter", "X", *by]) == 1
    assert "network.missing" in capfd.readouterr().err
    monkeypatch.setenv("PORTSEAL_NODE", "http://127.0.0.1:9")
    assert run(["operators", "enter", "X", "--network", str(api.home / "network.json"), *by]) == 2
    assert "node.unreachable" in capfd.readouterr().err


def test_all_directions_under_an_arrangement(api: Api, of: Keystore, capfd: Output) -> None:
    """Both directions of two countries, suspended by one of them, resumed and ended."""
    one, other = ["--account", of("au.customs")], ["--account", of("bn.customs")]
    treaty = "au.bn-origin"
    assert run(["arrangements", "propose", treaty, "--with", "BN", "--programme", "origin", *one]) == 0
    assert run(["arrangements", "accept", treaty, *other]) == 0
    for by, of_country in (("AU", "BN"), ("BN", "AU")):
        assert run(["recognition", "offer", by, of_country, "--arrangement", treaty, *one]) == 0
        assert run(["recognition", "accept", by, of_country, "--arrangement", treaty, *other]) == 0
    seen = []
    for change, by in (("suspend", other), ("resume", other), ("end", one)):
        assert run(["arrangements", change, treaty, "--country", "bn" if by is other else "au", *by]) == 0
        capfd.readouterr()
        assert run(["arrangements", treaty, "--json"]) == 0
        seen.append({direction["reason"] for direction in told(capfd)["directions"]})
    assert seen == [{"suspended"}, {"in-effect"}, {"ended"}]
    assert run(["arrangements", "resume", treaty, "--country", "BN", *other]) == 1
    assert "arrangement.no-direction" in capfd.readouterr().err
