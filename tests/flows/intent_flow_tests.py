"""Members without a node of their own act through another member's: the same on every chain."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from eth_account.messages import encode_typed_data

from ledger.account import Account
from ledger.authority import Authority, Domain, Role
from ledger.intent import SignedIntent
from ledger.operator import operator_id
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from tests.api.signing import Signing, id_word
from tests.faults.node_process import NodeProcess
from tests.flows.grounds import Ground

VOTERS = ("sg", "kr", "jp", "au", "bn", "kh", "id", "la")


@dataclass
class Members:
    """Everybody's keys, and the node of China's customs, which relays; `ground` is the chain below it."""

    signing: Signing
    node: NodeProcess
    ground: Ground


def refused(members: Members, signed: SignedIntent) -> str:
    response = members.signing.post(signed)
    assert response.status_code in (403, 409, 422), response.text
    code: str = response.json()["code"]
    return code


class IntentFlowTests:
    """Needs the fixture `members`, one for each module."""

    def test_an_arrangement_by_two_members_through_a_third_ones_node(self, members: Members) -> None:
        signing, registry = members.signing, members.signing.registries.recognition
        one, other = signing.account("sg.customs"), signing.account("nz.customs")
        treaty, subject = "sg.nz-origin", id_word("sg.nz-origin")
        proposal = registry.propose_arrangement(Arrangement(treaty, "origin"), ["NZ"])
        signing.done(signing.signed(one, proposal, subject))
        signing.done(signing.signed(other, registry.accept_arrangement(treaty), subject))
        asked = "/v1/recognitions?by=SG&of=NZ&programme=origin"
        assert signing.answer(asked)["reason"] == "signed-not-in-effect"
        terms, lane = Terms(treaty, "SG", "NZ"), id_word("sg-nz")
        signing.done(signing.signed(one, registry.offer([terms]), lane))
        assert signing.answer(asked)["reason"] == "signed-not-in-effect"
        signing.done(signing.signed(other, registry.accept([offer_id(terms)]), lane))
        assert signing.answer(asked)["recognised"] is True
        assert signing.answer("/v1/recognitions?by=NZ&of=SG&programme=origin")["recognised"] is False
        direction = Direction("origin", "SG", "NZ")
        told = signing.done(signing.signed(other, registry.suspend([direction], 3), lane))
        answer = signing.answer(asked)
        assert (answer["reason"], answer["as_of"]["block"] >= told["block"]) == ("suspended", True)
        parties = signing.answer(f"/v1/arrangements/{treaty}")["parties"]
        assert {party["country"]: party["state"] for party in parties} == {"SG": "party", "NZ": "party"}

    def test_a_country_is_admitted_by_votes(self, members: Members) -> None:
        """All approve at once, through one node: no two relays take one nonce."""
        signing, registry = members.signing, members.signing.registries.authority
        act = Account.generate()
        calls = [
            registry.admit_member("TL"),
            registry.add_authority(Authority("tl.customs", "TL", Domain.CUSTOMS)),
            registry.add_account("tl.customs", Role.ACT, act.address),
        ]
        first, *others = (signing.account(f"{code}.customs", Role.VOTE) for code in VOTERS)
        number = signing.done(signing.signed(first, registry.propose(calls), id_word("tl")))["proposal"]
        subject = id_word(f"proposal.{number}")
        early = signing.signed(first, registry.execute(number), subject)
        assert refused(members, early) == "contract.AuthorityRegistryQuorumMissing"
        approvals = [signing.signed(voter, registry.approve(number), subject) for voter in others]
        with ThreadPoolExecutor(len(approvals)) as threads:
            answers = list(threads.map(signing.done, approvals))
        assert len({answer["transaction"] for answer in answers}) == len(others)
        assert signing.answer(f"/v1/proposals/{number}")["counting"] == len(VOTERS)
        signing.done(signing.signed(others[0], registry.execute(number), subject))
        assert signing.answer(f"/v1/proposals/{number}")["state"] == "executed"
        assert signing.answer("/v1/authorities/tl.customs")["in_office"] is True
        signing.done(signing.operator("TL-1", account=act))
        assert signing.answer("/v1/operators/tl.customs/TL-1")["authorised"] is True

    def test_an_operator_is_suspended_from_the_block_on(self, members: Members) -> None:
        signing, registry, code = members.signing, members.signing.registries.operator, operator_id("KR-1")
        customs = signing.account("kr.customs")
        signing.done(signing.operator("KR-1", account=customs))
        path = "/v1/operators/kr.customs/KR-1"
        assert signing.answer(path)["authorised"] is True
        told = signing.done(signing.signed(customs, registry.suspend([code], 2), code))
        answer = signing.answer(path)
        assert (answer["authorised"], answer["reason"]) == (False, "operator-suspended")
        assert answer["as_of"]["block"] >= told["block"]
        [entry] = registry.suspension_entries("kr.customs", code)
        block = registry.contract.chain.block(told["block"])
        assert block is not None
        assert (entry.recorded_at, entry.detail) == (block.timestamp, 2)

    def test_a_stuck_intent_and_an_urgent_one(self, members: Members) -> None:
        signing, registry, code = members.signing, members.signing.registries.operator, operator_id("JP-1")
        customs = signing.account("jp.customs")
        signing.done(signing.operator("JP-1", account=customs))
        never_submitted = signing.signed(customs, registry.suspend([code]), code)
        behind = signing.signed(customs, registry.suspend([code]), code, nonce=never_submitted.intent.nonce + 1)
        assert refused(members, behind) == "intent.nonce-ahead"
        signing.done(signing.signed(customs, registry.suspend([code]), id_word("urgent")))
        assert signing.answer("/v1/operators/jp.customs/JP-1")["authorised"] is False

    def test_replayed_across_nonce_time_chain_and_contract(self, members: Members) -> None:
        signing, registry, code = members.signing, members.signing.registries.operator, operator_id("AU-1")
        customs = signing.account("au.customs")
        signing.done(signing.operator("AU-1", account=customs))
        suspended = signing.signed(customs, registry.suspend([code]), code)
        first = signing.done(suspended)
        signing.done(signing.signed(customs, registry.reinstate([code]), code))
        assert signing.post(suspended).json()["transaction"] == first["transaction"], "known: not sent again"
        with_nonce = {"nonce": suspended.intent.nonce}
        again = signing.signed(customs, registry.suspend([code], 1), code, **with_nonce)
        assert refused(members, again) == "intent.nonce-used"
        past = registry.contract.chain.head().timestamp - 1
        late = signing.signed(customs, registry.suspend([code]), code, deadline=past)
        assert refused(members, late) == "intent.expired"
        elsewhere = signing.signed(customs, registry.suspend([code]), code, chain_id=signing.chain_id + 1)
        assert refused(members, elsewhere) == "intent.chain"
        here = replace(elsewhere, intent=replace(elsewhere.intent, chain_id=signing.chain_id))
        assert refused(members, here) == "intent.signature"
        moved = replace(suspended.intent, contract=signing.registries.issuer.contract.address)
        resigned = SignedIntent(moved, customs.sign_message(encode_typed_data(full_message=moved.typed_data())))
        assert refused(members, resigned) == "intent.contract"
        assert signing.answer("/v1/operators/au.customs/AU-1")["authorised"] is True

    def test_what_was_taken_is_done_though_everything_stops(self, members: Members) -> None:
        """No blocks; our node is killed; the chain's node stops, and may forget what waits; all come back."""
        signing, taken = members.signing, [f"BN-{number}" for number in range(3)]
        customs = signing.account("bn.customs")
        signed = [signing.operator(code, account=customs) for code in taken]
        members.ground.hold()
        posted = [signing.post(one) for one in signed]
        assert {response.status_code for response in posted} <= {200, 202}
        members.node.kill()
        members.ground.stop()
        members.ground.start()
        members.node.start()
        members.node.await_ready()
        told = [signing.settled(response.json()["intent"]) for response in posted]
        assert {one["state"] for one in told} == {"mined"}
        until(lambda: all(signing.answer(f"/v1/operators/bn.customs/{code}")["authorised"] for code in taken))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
