"""Signed intents over HTTP: relayed once, refused before they are sent, and followed to what became of them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from anchors.database.models import RelayRow
from anchors.intents import relay as intent_relay
from ledger.account import Account
from ledger.authority import Role
from ledger.intent import SignedIntent, skip_nonce
from ledger.intent_form import to_json
from ledger.operator import OperatorState, operator_id
from tests.api.conftest import Api
from tests.api.signing import Signing, id_word
from tests.ledger.test_intent import CHANGES

URGENT = b"\x07" * 32


@pytest.fixture(scope="module")
def signing(api: Api) -> Signing:
    return Signing.by(api)


def state(api: Api, code: str) -> OperatorState:
    head = api.node.chain.head()
    return api.node.registries.operator.status("sg.customs", operator_id(code), head.timestamp, head.timestamp).state


def refusal(response: Any) -> tuple[int, str, str | None]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = response.json()
    assert problem["detail"]
    assert problem["mend"]
    return response.status_code, problem["code"], problem.get("pointer")


def test_it_is_relayed_and_told(api: Api, signing: Signing) -> None:
    signed = signing.operator("RELAY-1")
    response = signing.post(signed)
    assert response.status_code in (200, 202)
    answer = response.json()
    assert answer["intent"] == signed.intent.digest().hex()
    assert response.headers["location"] == f"/v1/intents/{answer['intent']}"
    told = signing.settled(answer["intent"])
    assert (told["state"], told["problem"], told["transaction"]) == ("mined", None, answer["transaction"])
    receipt = api.node.chain.receipt(bytes.fromhex(told["transaction"][2:]))
    assert receipt is not None
    assert told["block"] == receipt.block_number
    assert told["signer"] == signing.account("sg.customs").address
    assert told["call"]["function"] == "grant((string,uint8,uint32,uint64,uint64)[])"
    assert told["call"]["arguments"]["grants"][0]["code"] == "RELAY-1"
    assert state(api, "RELAY-1") == OperatorState.AUTHORIZED


def test_the_same_intent_twice_is_one_relay(api: Api, signing: Signing) -> None:
    signed = signing.operator("TWICE")
    before = api.node.chain.nonce(api.node.custody.relay_account().address, pending=True)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: signing.post(signed), range(8)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    assert len({answer.json()["transaction"] for answer in answers}) == 1
    signing.settled(answers[0].json()["intent"])
    again = signing.post(signed)
    assert (again.status_code, again.json()["state"]) == (200, "mined")
    assert api.node.chain.nonce(api.node.custody.relay_account().address, pending=True) == before + 1


def test_many_at_once_take_no_nonce_twice(api: Api, signing: Signing) -> None:
    all_of_them = [signing.operator(f"MANY-{number}") for number in range(20)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(signing.post, all_of_them))
    assert [answer.status_code for answer in answers] == [202] * 20 or {a.status_code for a in answers} <= {200, 202}
    told = [signing.settled(answer.json()["intent"]) for answer in answers]
    assert {one["state"] for one in told} == {"mined"}
    assert len({one["transaction"] for one in told}) == 20


def test_replayed_after_its_effect_was_undone(api: Api, signing: Signing) -> None:
    """The same bytes again, from somebody who kept them: by this node, and by one that never saw them."""
    operator, registry = operator_id("REPLAY"), api.node.registries.operator
    signing.done(signing.operator("REPLAY"))
    customs = signing.account("sg.customs")
    suspended = signing.signed(customs, registry.suspend([operator]), operator)
    signing.done(suspended)
    assert state(api, "REPLAY") == OperatorState.SUSPENDED
    signing.done(signing.signed(customs, registry.reinstate([operator]), operator))
    assert signing.post(suspended).json()["state"] == "mined"
    assert state(api, "REPLAY") == OperatorState.AUTHORIZED
    with api.node.database.write() as session:
        session.delete(session.get_one(RelayRow, suspended.intent.digest()))
    assert refusal(signing.post(suspended)) == (409, "intent.nonce-used", "/nonce")
    assert state(api, "REPLAY") == OperatorState.AUTHORIZED


def test_for_another_chain_contract_or_time(api: Api, signing: Signing) -> None:
    chain = api.node.network.chain_id
    other = signing.operator("OTHER", chain_id=chain + 1)
    assert refusal(signing.post(other)) == (422, "intent.chain", "/chain_id")
    assert refusal(signing.post(other, chain_id=chain)) == (422, "intent.signature", "/signature")
    elsewhere = signing.operator("OTHER")
    moved = replace(elsewhere.intent, contract=Account.generate().address)
    resigned = SignedIntent(moved, signing.account("sg.customs").sign_message(_message(moved)))
    assert refusal(signing.post(resigned)) == (422, "intent.contract", "/contract")
    late = signing.operator("OTHER", deadline=api.node.chain.head().timestamp - 1)
    assert refusal(signing.post(late)) == (409, "intent.expired", "/deadline")
    ahead = signing.operator("OTHER", nonce=1)
    assert refusal(signing.post(ahead)) == (409, "intent.nonce-ahead", "/nonce")
    assert state(api, "OTHER") == OperatorState.NONE


def _message(intent: Any) -> Any:
    from eth_account.messages import encode_typed_data

    return encode_typed_data(full_message=intent.typed_data())


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_on_the_way(signing: Signing, change: str) -> None:
    signed = signing.signed(
        signing.account("cn.maritime"),
        signing.registries.issuer.suspend_issuer("cn.eastern-meridian"),
        id_word("cn.eastern-meridian"),
    )
    forged = replace(signed, intent=CHANGES[change](signed.intent))
    assert refusal(signing.post(forged)) == (422, "intent.signature", "/signature")


def test_one_stuck_intent_blocks_no_urgent_one(api: Api, signing: Signing) -> None:
    """The first of a subject is lost: what is behind it is refused, not queued, and what is urgent goes past both."""
    operator, registry, customs = operator_id("STUCK"), api.node.registries.operator, signing.account("sg.customs")
    signing.done(signing.operator("STUCK"))
    lost = signing.signed(customs, registry.suspend([operator]), operator)
    behind = signing.signed(customs, registry.suspend([operator]), operator, nonce=lost.intent.nonce + 1)
    assert refusal(signing.post(behind)) == (409, "intent.nonce-ahead", "/nonce")
    urgent = signing.signed(customs, registry.suspend([operator], 4), URGENT)
    told = signing.done(urgent)
    assert state(api, "STUCK") == OperatorState.SUSPENDED
    answer = api.http.get("/v1/operators/sg.customs/STUCK").json()
    assert (answer["authorised"], answer["reason"]) == (False, "operator-suspended")
    assert answer["as_of"]["block"] >= told["block"]


def test_a_nonce_is_skipped(api: Api, signing: Signing) -> None:
    """What was signed and not submitted is void once its nonce is skipped, by an intent too."""
    contract, customs = api.node.registries.operator.contract, signing.account("sg.customs")
    void = signing.operator("VOID")
    subject = void.intent.subject
    signing.done(signing.signed(customs, skip_nonce(contract, subject), subject))
    assert refusal(signing.post(void)) == (409, "intent.nonce-used", "/nonce")
    assert state(api, "VOID") == OperatorState.NONE


def test_what_the_contract_refuses_is_not_sent(api: Api, signing: Signing) -> None:
    relayer = api.node.custody.relay_account().address
    before = api.node.chain.nonce(relayer, pending=True)
    foreign = signing.operator("FOREIGN", account=signing.account("cn.chamber"))
    assert refusal(signing.post(foreign)) == (409, "contract.OperatorRegistryNotCustoms", None)
    stranger = signing.operator("FOREIGN", account=Account.generate())
    assert refusal(signing.post(stranger)) == (403, "intent.signer", None)
    assert api.node.chain.nonce(relayer, pending=True) == before
    assert api.http.get(f"/v1/intents/{foreign.intent.digest().hex()}").status_code == 404


def test_arguments_that_say_more_than_is_shown(signing: Signing) -> None:
    """The contracts would take a list at another place of the call data; nobody could read that before signing."""
    signed = signing.operator("ODD")
    words = (*signed.intent.arguments, bytes(32))
    odd = replace(signed.intent, arguments=words)
    resigned = SignedIntent(odd, signing.account("sg.customs").sign_message(_message(odd)))
    assert refusal(signing.post(resigned)) == (422, "call.unreadable", None)


def test_the_nonce_to_sign_with(api: Api, signing: Signing) -> None:
    customs, subject = signing.account("sg.customs"), operator_id("NONCE")
    asked = {"registry": "OperatorRegistry", "signer": customs.address.lower(), "subject": f"0x{subject.hex()}"}
    answer = api.http.get("/v1/intents/nonce", params=asked).json()
    assert (answer["nonce"], answer["signer"]) == (0, customs.address)
    assert answer["contract"] == api.node.registries.operator.contract.address
    assert answer["chain_id"] == api.node.network.chain_id
    assert answer["block_time"].endswith("Z")
    signing.done(signing.operator("NONCE"))
    assert api.http.get("/v1/intents/nonce", params=asked).json()["nonce"] == 1
    for name, value in (("registry", "TitleRegistry"), ("signer", "0x1"), ("subject", "sg.customs")):
        wrong = api.http.get("/v1/intents/nonce", params=asked | {name: value})
        assert refusal(wrong)[:2] == (422, "request.parameter")


def test_hostile_bodies(api: Api, signing: Signing) -> None:
    whole = to_json(signing.operator("HOSTILE"))
    for content, status in (
        (b"", 400),
        (b"[]", 422),
        (b'{"registry": 1, "registry": 2}', 400),
        (b"{" * 100, 400),
        (b"\xff", 400),
        (b'"' + b"a" * 600_000 + b'"', 413),
    ):
        sent = api.http.post("/v1/intents", content=content, headers={"Content-Type": "application/json"})
        assert refusal(sent)[0] == status, content[:20]
    assert api.http.post("/v1/intents", json=whole | {"more": 1}).json()["code"] == "intent.form"
    assert api.http.post("/v1/intents", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert refusal(api.http.get("/v1/intents/xyz"))[1] == "digest.form"
    assert refusal(api.http.get(f"/v1/intents/{'ab' * 32}"))[:2] == (404, "intent.unknown")


def test_a_signer_is_bounded_and_others_are_not(api: Api, signing: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    customs = signing.account("my.customs")
    monkeypatch.setattr(intent_relay, "MOST_A_MINUTE", 2)
    for number in range(2):
        signing.done(signing.operator(f"BOUND-{number}", account=customs))
    third = signing.post(signing.operator("BOUND-2", account=customs))
    assert refusal(third)[:2] == (429, "relay.too-many")
    assert "retry-after" in third.headers
    signing.done(signing.operator("BOUND-3", account=signing.account("th.customs")))
    with ExitStack() as callers:
        for _ in range(16):
            callers.enter_context(api.node.relay._callers)
        busy = signing.post(signing.operator("BOUND-4", account=signing.account("th.customs")))
        assert refusal(busy)[:2] == (503, "relay.full")
    monkeypatch.setattr(intent_relay, "MOST_WAITING", 0)
    full = signing.post(signing.operator("BOUND-4", account=signing.account("th.customs")))
    assert refusal(full)[:2] == (503, "relay.full")


def test_a_vote_by_intents(api: Api, signing: Signing) -> None:
    registry = api.node.registries.authority
    call = registry.propose([registry.admit_member("TL")])
    told = signing.done(signing.signed(signing.account("sg.customs", Role.VOTE), call, id_word("tl")))
    assert registry.proposal(told["proposal"]).approvals == ("SG",)
    [inner] = told["call"]["arguments"]["calls"]
    assert inner == {
        "function": "admitMember(bytes2,uint64)",
        "arguments": {"country": "TL", "effectiveFrom": None},
    }
