"""Signed intents: the hash by hand, the contract's word on it, and whatever somebody could change on the way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from ledger.abi import abi_of
from ledger.account import Account
from ledger.authority import Role
from ledger.chain import encode_abi
from ledger.document_registry import Status, StatusChange
from ledger.errors import Invalid, Refused
from ledger.identifier import to_bytes32
from ledger.intent import Intent, SignedIntent, next_nonce, sign_intent, skip_nonce
from ledger.intent_form import from_json, to_json
from ledger.issuer_registry import IssuerState
from ledger.low_s import P256_ORDER
from ledger.transaction import Call
from tests.consortium import Consortium
from tests.ledger.code_of import code_of

FAR = 2**40
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
URGENT = keccak(b"urgent")


@pytest.fixture(scope="module")
def relayer() -> Account:
    return Account.generate()


@pytest.fixture(scope="module")
def actor(consortium: Consortium) -> Account:
    return consortium.account("cn.maritime")


def suspended(consortium: Consortium, actor: Account, **changed: Any) -> SignedIntent:
    """An intent to suspend cn.carrier."""
    registry = consortium.registries.issuer
    subject = changed.pop("subject", to_bytes32("cn.carrier"))
    terms = {
        "chain_id": consortium.chain.chain_id,
        "nonce": next_nonce(registry.contract, actor.address, subject),
        "deadline": FAR,
    } | changed
    return sign_intent(actor, registry.suspend_issuer("cn.carrier", 7), subject=subject, **terms)


def hash_by_hand(intent: Intent) -> bytes:
    """EIP-712 without a library that knows it."""
    domain_type = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    name = f"Portseal {intent.registry}".encode()
    domain = encode_abi(
        ["bytes32", "bytes32", "bytes32", "uint256", "address"],
        [keccak(domain_type), keccak(name), keccak(b"1"), intent.chain_id, intent.contract],
    )
    intent_type = (
        b"Intent(address signer,string action,bytes32[] arguments,bytes32 subject,uint256 nonce,uint256 deadline)"
    )
    struct = encode_abi(
        ["bytes32", "address", "bytes32", "bytes32", "bytes32", "uint256", "uint256"],
        [
            keccak(intent_type),
            intent.signer,
            keccak(intent.action.encode()),
            keccak(b"".join(intent.arguments)),
            intent.subject,
            intent.nonce,
            intent.deadline,
        ],
    )
    return keccak(b"\x19\x01" + keccak(domain) + keccak(struct))


def unchecked(signed: SignedIntent) -> Call:
    """The relaying call of somebody who checks nothing first."""
    one = signed.intent
    fields = (one.signer, one.action, list(one.arguments), one.subject, one.nonce, one.deadline)
    abi = abi_of("IssuerRegistry")
    return Call(one.contract, abi.encode("relay", [fields, signed.signature]), abi)


def test_the_hash_is_that_of_the_standard(consortium: Consortium, actor: Account) -> None:
    signed = suspended(consortium, actor)
    assert signed.intent.action == "suspendIssuer(bytes32,uint32)"
    assert signed.intent.arguments == (to_bytes32("cn.carrier"), (7).to_bytes(32, "big"))
    assert signed.intent.digest() == hash_by_hand(signed.intent)
    bare = replace(signed.intent, action="reset()", arguments=())
    assert bare.digest() == hash_by_hand(bare)
    assert signed.signed_by() == actor.address


def test_the_domain_is_the_contracts_own(consortium: Consortium, actor: Account) -> None:
    for registry, contract in consortium.registries.contracts().items():
        assert contract.abi.name == registry
        _, name, version, chain_id, address, _, extensions = contract.read("eip712Domain")
        intent = Intent(registry, consortium.chain.chain_id, contract.address, actor.address, "", (), b"", 0, 0)
        domain = intent.typed_data()["domain"]
        assert (name, version, chain_id, extensions) == (domain["name"], domain["version"], domain["chainId"], ())
        assert address.lower() == domain["verifyingContract"].lower()


def test_relayed_it_runs_as_the_signer_and_once(consortium: Consortium, actor: Account, relayer: Account) -> None:
    registry = consortium.registries.issuer
    signed = suspended(consortium, actor)
    consortium.submit(relayer, signed.relay())
    assert registry.issuer_entries("cn.carrier")[-1].code == IssuerState.SUSPENDED
    assert registry.issuer_entries("cn.carrier")[-1].detail == 7
    assert next_nonce(registry.contract, actor.address, signed.intent.subject) == signed.intent.nonce + 1
    again = Account.generate()
    assert code_of(consortium.submit, again, signed.relay()) == "contract.IntentNonceInvalid"
    consortium.submit(actor, registry.reinstate_issuer("cn.carrier"))
    assert code_of(consortium.submit, relayer, signed.relay()) == "contract.IntentNonceInvalid"
    assert registry.issuer_entries("cn.carrier")[-1].code == IssuerState.ACTIVE


CHANGES: dict[str, Callable[[Intent], Intent]] = {
    "chain": lambda one: replace(one, chain_id=one.chain_id + 1),
    "nonce": lambda one: replace(one, nonce=one.nonce + 1),
    "deadline": lambda one: replace(one, deadline=one.deadline + 1),
    "action": lambda one: replace(one, action="suspendKey(bytes32,uint32)"),
    "argument": lambda one: replace(one, arguments=(to_bytes32("cn.aeo"), *one.arguments[1:])),
    "fewer arguments": lambda one: replace(one, arguments=one.arguments[:-1]),
    "more arguments": lambda one: replace(one, arguments=(*one.arguments, bytes(32))),
    "signer": lambda one: replace(one, signer=Account.generate().address),
    "subject": lambda one: replace(one, subject=to_bytes32("cn.other")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed(consortium: Consortium, actor: Account, relayer: Account, change: str) -> None:
    """The form refuses it before a relayer sends it, and the contract refuses it all the same."""
    signed = suspended(consortium, actor)
    forged = replace(signed, intent=CHANGES[change](signed.intent))
    assert code_of(forged.relay) == "intent.signature"
    assert code_of(from_json, to_json(forged)) == "intent.signature"
    if change == "chain":
        return  # the contract takes its own chain's id; see the test for another chain
    before = consortium.registries.issuer.issuer_entries("cn.carrier")
    assert code_of(consortium.submit, relayer, unchecked(forged)) == "contract.IntentSignerInvalid"
    assert consortium.registries.issuer.issuer_entries("cn.carrier") == before


def test_signed_for_another_chain(consortium: Consortium, actor: Account, relayer: Account) -> None:
    signed = suspended(consortium, actor, chain_id=consortium.chain.chain_id + 1)
    assert signed.signed_by() == actor.address
    assert code_of(consortium.submit, relayer, signed.relay()) == "contract.IntentSignerInvalid"


def test_signed_for_another_contract(consortium: Consortium, actor: Account, relayer: Account) -> None:
    contract, signed = consortium.registries.operator.contract, suspended(consortium, actor)
    other = replace(signed.intent, contract=contract.address, registry="OperatorRegistry")
    assert code_of(replace(signed, intent=other).relay) == "intent.signature"
    sent = Call(contract.address, unchecked(signed).data, contract.abi)
    assert code_of(consortium.submit, relayer, sent) == "contract.IntentSignerInvalid"


def test_the_deadline_is_the_last_second(consortium: Consortium, actor: Account, relayer: Account) -> None:
    head = consortium.chain.head().timestamp
    signed = suspended(consortium, actor, deadline=head + 50)
    consortium.clock.now = head + 51
    assert code_of(consortium.submit, relayer, signed.relay()) == "contract.IntentExpired"
    signed = suspended(consortium, actor, deadline=consortium.clock.now + 50)
    consortium.clock.now += 50
    consortium.submit(relayer, signed.relay())
    consortium.submit(actor, consortium.registries.issuer.reinstate_issuer("cn.carrier"))


def test_a_nonce_ahead_of_its_turn(consortium: Consortium, actor: Account, relayer: Account) -> None:
    registry, subject = consortium.registries.issuer, to_bytes32("cn.carrier")
    nonce = next_nonce(registry.contract, actor.address, subject)
    signed = suspended(consortium, actor, nonce=nonce + 1)
    assert code_of(consortium.submit, relayer, signed.relay()) == "contract.IntentNonceInvalid"
    consortium.submit(actor, skip_nonce(registry.contract, subject))
    assert next_nonce(registry.contract, actor.address, subject) == nonce + 1
    consortium.submit(relayer, signed.relay())
    consortium.submit(actor, registry.reinstate_issuer("cn.carrier"))


def test_one_stuck_intent_blocks_no_other(consortium: Consortium, actor: Account, relayer: Account) -> None:
    """The first of a subject never comes: what waits behind it waits, what is urgent goes its own lane."""
    lost = suspended(consortium, actor)
    behind = suspended(consortium, actor, nonce=lost.intent.nonce + 1)
    assert code_of(consortium.submit, relayer, behind.relay()) == "contract.IntentNonceInvalid"
    urgent = suspended(consortium, actor, subject=URGENT)
    assert urgent.intent.nonce == 0
    consortium.submit(relayer, urgent.relay())
    assert consortium.registries.issuer.issuer_entries("cn.carrier")[-1].code == IssuerState.SUSPENDED
    consortium.submit(actor, consortium.registries.issuer.reinstate_issuer("cn.carrier"))
    assert code_of(consortium.submit, relayer, urgent.relay()) == "contract.IntentNonceInvalid", "once, here too"


def test_nonces_of_one_signer_are_not_anothers(consortium: Consortium, relayer: Account) -> None:
    contract, subject = consortium.registries.issuer.contract, to_bytes32("cn.carrier")
    first, second = consortium.account("cn.maritime"), consortium.account("sg.maritime")
    before = next_nonce(contract, first.address, subject)
    consortium.submit(second, skip_nonce(contract, subject))
    assert next_nonce(contract, second.address, subject) == 1
    assert next_nonce(contract, first.address, subject) == before


def test_what_the_call_itself_refuses_leaves_the_nonce(consortium: Consortium, relayer: Account) -> None:
    stranger, registry = consortium.account("sg.maritime"), consortium.registries.issuer
    signed = suspended(consortium, stranger, subject=URGENT)
    with pytest.raises(Refused) as caught:
        consortium.submit(relayer, signed.relay())
    assert caught.value.code == "contract.IssuerRegistryNotAccreditor"
    assert stranger.address in caught.value.detail, "the signer is refused, not the relayer"
    assert next_nonce(registry.contract, stranger.address, URGENT) == signed.intent.nonce


def test_a_relayer_gains_nothing(consortium: Consortium, relayer: Account) -> None:
    """A relayer's own intent runs as the relayer, also if it names an act account's subject."""
    own = suspended(consortium, relayer)
    assert code_of(consortium.submit, relayer, own.relay()) == "contract.IssuerRegistryNotAccreditor"


def test_tuples_and_texts_are_words_too(consortium: Consortium, relayer: Account) -> None:
    """A status of a document, by the issuer's own account, which has no gas and no node."""
    own, registry = consortium.keys.issuer_accounts["cn.carrier"], consortium.registries.document
    digest = b"\x41" * 32
    call = registry.set_status(StatusChange("cn.carrier", digest, Status.REVOKED, 4))
    signed = sign_intent(own, call, chain_id=consortium.chain.chain_id, subject=digest, nonce=0, deadline=FAR)
    assert signed.intent.action == "setStatus((bytes32,bytes32,uint8,uint32,bytes32))"
    assert signed.intent.digest() == hash_by_hand(signed.intent)
    consortium.submit(relayer, from_json(to_json(signed)).relay())
    assert [entry.code for entry in registry.status_entries("cn.carrier", digest)] == [Status.REVOKED]


def test_a_vote_by_intent(consortium: Consortium, relayer: Account) -> None:
    """Calls within the call: `propose(bytes[])`."""
    registry, voter = consortium.registries.authority, consortium.account("jp.customs", Role.VOTE)
    call = registry.propose([registry.admit_member("VN"), registry.admit_member("TH")])
    terms = {"subject": URGENT, "nonce": 0, "deadline": FAR}
    signed = sign_intent(voter, call, chain_id=consortium.chain.chain_id, **terms)  # type: ignore[arg-type]
    receipt = consortium.submit(relayer, signed.relay())
    assert registry.proposal(registry.proposed(receipt)).approvals == ("JP",)


def test_signatures_have_one_form(consortium: Consortium, actor: Account) -> None:
    """What the contract's recovery refuses is refused before it is sent."""
    signed = suspended(consortium, actor)
    r, s, v = signed.signature[:32], int.from_bytes(signed.signature[32:64], "big"), signed.signature[64]
    high = r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v])
    for wrong in (
        high,
        signed.signature[:64] + bytes([v - 27]),
        signed.signature[:64],
        bytes(64) + b"\x1b",
        r + bytes(32) + bytes([v]),
        b"\xff" * 32 + signed.signature[32:],
        P256_ORDER.to_bytes(32, "big") * 2 + b"\x1b",
    ):
        assert code_of(replace(signed, signature=wrong).check) == "intent.signature"


def test_only_calls_of_a_registry_are_signed(consortium: Consortium, actor: Account) -> None:
    call, contract = consortium.registries.issuer.suspend_issuer("cn.carrier"), consortium.registries.issuer.contract
    for wrong in (
        Call(None, call.data, call.abi),
        Call(contract.address, call.data),
        Call(contract.address, b"\0\0\0\0" + call.data[4:], call.abi),
        Call(contract.address, call.data + b"\0", call.abi),
        Call(contract.address, b"", call.abi),
    ):
        with pytest.raises(Invalid) as caught:
            sign_intent(actor, wrong, chain_id=1, subject=URGENT, nonce=0, deadline=FAR)
        assert caught.value.code == "intent.call"
    with pytest.raises(Invalid) as caught:
        sign_intent(actor, call, chain_id=1, subject=b"short", nonce=0, deadline=FAR)
    assert caught.value.code == "intent.call"
