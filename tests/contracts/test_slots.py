"""Every newer fact of the registries at its storage slot, and intents signed by another implementation of EIP-712."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from eth_account import Account as EthAccount
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from contracts import artifact
from contracts.layout import Key, locate
from ledger.abi import abi_of
from ledger.account import Account
from ledger.authority import Role
from ledger.contract import Contract
from ledger.dated_list import Entry
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.transaction import Call, submit
from ledger.vote import by_vote
from tests.consortium import Consortium

CN, SG = b"CN", b"SG"
AEO, TREATY = to_bytes32("aeo"), to_bytes32("cn.aeo-2012")
DATES = ("proposedAt", "expiresAt", "executedAt")
ENTRY = ("code", "detail", "effectiveFrom", "effectiveUntil", "recordedAt")
FIELDS = (
    ("signer", "address"),
    ("action", "string"),
    ("arguments", "bytes32[]"),
    ("subject", "bytes32"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
)
TYPES = {"Intent": [{"name": name, "type": kind} for name, kind in FIELDS]}


@dataclass
class Registry:
    """A contract, its artifact, and who writes to it."""

    name: str
    contract: Contract
    consortium: Consortium

    def write(self, account: Account, function: str, *arguments: Any) -> None:
        self.consortium.submit(account, self.contract.write(function, *arguments))

    def raw(self, label: str, *path: Key) -> bytes:
        place = locate(artifact(self.name), label, *path)
        return place.of(self.contract.chain.storage(self.contract.address, place.slot))

    def number(self, label: str, *path: Key) -> int:
        return int.from_bytes(self.raw(label, *path))

    def list(self, label: str, *path: Key) -> list[bytes]:
        return [self.raw(label, *path, n) for n in range(self.number(label, *path))]

    def text(self, label: str, *path: Key) -> str:
        """A string: in its slot with twice its length in the lowest byte, or longer and elsewhere."""
        place = locate(artifact(self.name), label, *path)
        word = self.contract.chain.storage(self.contract.address, place.slot)
        if not word[-1] % 2:
            return word[: word[-1] // 2].decode()
        length, first = int.from_bytes(word) // 2, int.from_bytes(keccak(place.slot.to_bytes(32)))
        slots = range(first, first + -(-length // 32))
        return b"".join(self.contract.chain.storage(self.contract.address, slot) for slot in slots)[:length].decode()

    def entries(self, label: str, *path: Key) -> tuple[Entry, ...]:
        count = self.number(label, *path)
        return tuple(Entry(*(self.number(label, *path, n, member) for member in ENTRY)) for n in range(count))

    def same(self, label: str, getter: str, *path: Key) -> tuple[Entry, ...]:
        """The entries at the slots, which must be there and be those of the getter."""
        stored = self.entries(label, *path)
        assert stored == self.contract.read_entries(getter, *path) != ()
        return stored


def deployed(consortium: Consortium, name: str) -> Registry:
    authorities = consortium.registries.authority.contract.address
    creation = artifact(name).bytecode + abi_of(name).constructor([authorities])
    receipt = submit(consortium.chain, consortium.keys.deployer, Call(None, creation, abi_of(name)))
    return Registry(name, Contract(consortium.chain, str(receipt.contract_address), abi_of(name)), consortium)


@pytest.fixture(scope="module")
def recognitions(consortium: Consortium) -> Registry:
    return deployed(consortium, "RecognitionRegistry")


@pytest.fixture(scope="module")
def operators(consortium: Consortium) -> Registry:
    return deployed(consortium, "OperatorRegistry")


@pytest.fixture(scope="module")
def authorities(consortium: Consortium) -> Registry:
    return Registry("AuthorityRegistry", consortium.registries.authority.contract, consortium)


@pytest.fixture(scope="module")
def issuers(consortium: Consortium) -> Registry:
    return Registry("IssuerRegistry", consortium.registries.issuer.contract, consortium)


def test_governance(consortium: Consortium, authorities: Registry, issuers: Registry) -> None:
    registry, read = consortium.registries.authority, authorities.contract.read
    call = authorities.contract.write("changeQuorum", 2)
    successor = consortium.registries.document.contract.address
    name = authorities.contract.write("nameSuccessor", issuers.contract.address, successor)
    (number,) = by_vote(consortium.chain, registry, consortium.voters, [call, name])
    assert [entry.code for entry in authorities.entries("_quorumEntries")] == [3, 2]
    assert authorities.entries("_quorumEntries") == authorities.contract.read_entries("quorumEntries")
    assert len(authorities.same("_voteEntries", "voteEntries", number, CN)) == 1
    dates = tuple(authorities.number("_proposals", number, member) for member in DATES)
    assert dates == tuple(read("proposalDates", number))
    place = ("_successors", issuers.contract.address, 0)
    assert authorities.raw(*place, "successor").hex() == successor[2:].lower()
    found = (successor.lower(), authorities.number(*place, "recordedAt"))
    assert [found] == [(str(one).lower(), time) for one, time in read("successors", issuers.contract.address)]


def test_bodies_and_holds(consortium: Consortium, issuers: Registry) -> None:
    actor, kind = consortium.account("cn.chamber"), to_bytes32("certificate-of-origin")
    body, issuer, code = to_bytes32("cn.origin"), to_bytes32("cn.local"), to_bytes32("agreement.rcep")
    key = b"\x09" * 32
    issuers.write(actor, "authorizeBody", body, 0, 0)
    issuers.write(consortium.keys.issuer_accounts["cn.origin"], "addIssuer", issuer, body)
    issuers.write(actor, "addScope", body, kind, [code], 0, 0)
    issuers.write(actor, "addKey", issuer, key, 2, b"\x01" * 32, bytes(32), 0, 0)
    issuers.write(actor, "suspendIssuer", issuer, 4)
    issuers.write(actor, "suspendKey", key, 5)
    assert (
        issuers.raw("_authorities", issuer) == issuers.contract.read("authorityOf", issuer) == to_bytes32("cn.chamber")
    )
    assert issuers.raw("_accreditors", issuer) == body
    assert issuers.same("_bodyEntries", "bodyEntries", body)[0].code == 1
    assert issuers.list("_scope", body, kind) == list(issuers.contract.read("scope", body, kind)) == [code]
    assert issuers.same("_scopeEntries", "scopeEntries", body, kind, code)[0].detail == 1
    assert issuers.same("_issuerHoldEntries", "issuerHoldEntries", issuer)[0].code == 3
    assert issuers.same("_keyHoldEntries", "keyHoldEntries", key)[0].code == 3


def test_holds_of_documents(consortium: Consortium) -> None:
    registry = Registry("DocumentRegistry", consortium.registries.document.contract, consortium)
    issuer, digest = to_bytes32("cn.carrier"), b"\x21" * 32
    registry.write(consortium.account("cn.maritime"), "setStatus", (issuer, digest, 2, 6, bytes(32)))
    assert registry.same("_holdEntries", "holdEntries", issuer, digest)[0].code == 3
    with pytest.raises(Refused) as caught:
        registry.write(consortium.keys.issuer_accounts["cn.carrier"], "setStatus", (issuer, digest, 3, 0, bytes(32)))
    assert caught.value.code == "contract.DocumentRegistryHeld"


def test_recognitions(consortium: Consortium, recognitions: Registry) -> None:
    china, singapore = consortium.account("cn.customs"), consortium.account("sg.customs")
    now = consortium.chain.head().timestamp
    terms = (TREATY, b"\x07" * 32, CN, SG, 5, now - 5000, now + 5000)
    read, direction = recognitions.contract.read, CN + SG
    recognitions.write(china, "proposeArrangement", TREATY, AEO, b"\x08" * 32, [SG], now - 9000)
    recognitions.write(singapore, "acceptArrangement", TREATY, now - 9000)
    recognitions.write(china, "offer", [terms])
    ((fields, _),) = recognitions.contract.events("OfferChanged", 0, consortium.chain.head().number)
    offer = fields["offer"]
    recognitions.write(singapore, "accept", [offer])
    recognitions.write(singapore, "suspend", [(AEO, CN, SG)], 9)
    assert recognitions.list("_arrangements") == list(read("arrangements")) == [TREATY]
    stored = tuple(recognitions.raw("_arrangement", TREATY, member) for member in ("programme", "text"))
    assert stored == tuple(read("arrangement", TREATY)) == (AEO, b"\x08" * 32)
    assert [word[:2] for word in recognitions.list("_parties", TREATY)] == list(read("parties", TREATY)) == [CN, SG]
    assert recognitions.same("_partyEntries", "partyEntries", TREATY, SG)[-1].effective_from == now - 9000
    wide = [recognitions.raw("_offerTerms", offer, m) for m in ("arrangement", "benefits", "recogniser", "recognised")]
    numbers = [recognitions.number("_offerTerms", offer, m) for m in ("roles", "effectiveFrom", "effectiveUntil")]
    assert (*wide, *numbers) == tuple(read("offerTerms", offer)) == terms
    assert [entry.code for entry in recognitions.same("_offerEntries", "offerEntries", offer)] == [1, 2]
    assert recognitions.list("_agreed", AEO) == list(read("agreed", AEO)) == [direction.ljust(32, b"\0")]
    agreed = recognitions.entries("_recognitionEntries", AEO, direction)
    assert agreed == recognitions.contract.read_entries("recognitionEntries", AEO, CN, SG) != ()
    assert (
        recognitions.raw("_recognitionOffers", AEO, direction, 0) == read("recognitionOffer", AEO, CN, SG, 0) == offer
    )
    suspended = recognitions.entries("_suspensionEntries", AEO, direction, SG)
    assert suspended == recognitions.contract.read_entries("suspensionEntries", AEO, CN, SG, SG) != ()
    assert suspended[0].detail == 9
    assert [recognitions.number("_changes", kind, "count") for kind in range(5)] == [1, 3, 2, 1, 1]
    assert read("recognition", AEO, CN, SG, now, 2**64 - 1) == (1, 5, offer)


def test_many_slots_in_one_call(recognitions: Registry) -> None:
    places = [locate(artifact("RecognitionRegistry"), "_changes", kind, "head").slot for kind in range(6)]
    words = recognitions.contract.read("slots", [place.to_bytes(32) for place in places])
    assert list(words) == [recognitions.contract.chain.storage(recognitions.contract.address, p) for p in places]


@pytest.mark.parametrize("code", ["AEOCN1234567890", "JP12345678901234567890123456789012345678"])
def test_operators(consortium: Consortium, operators: Registry, code: str) -> None:
    actor, authority = consortium.account("cn.customs"), to_bytes32("cn.customs")
    operator, counterpart, alias = keccak(code.encode()), to_bytes32("sg.customs"), f"CN-{code}"
    operators.write(actor, "grant", [(code, 2, 5, 1_500_000_000, 0)])
    operators.write(actor, "suspend", [operator], 3)
    operators.write(actor, "addAliases", [(operator, counterpart, alias, 0, 0)])
    read = operators.contract.read
    assert operator in operators.list("_operators", authority)
    assert operators.list("_operators", authority) == list(read("operators", authority, 0, 99))
    assert operators.text("_codes", authority, operator) == read("code", authority, operator) == code
    assert operators.same("_operatorEntries", "operatorEntries", authority, operator)[0].detail == 2 * 2**24 + 5
    assert operators.same("_suspensionEntries", "suspensionEntries", authority, operator)[0].detail == 3
    (name,) = operators.list("_aliases", authority, operator)
    assert [name] == list(read("aliases", authority, operator))
    assert name == read("aliasId", authority, counterpart, alias)
    stored = (operators.raw("_alias", name, "operator"), operators.raw("_alias", name, "counterpart"))
    assert (*stored, operators.text("_alias", name, "code")) == tuple(read("aliasOf", name))
    assert operators.text("_alias", name, "code") == alias
    assert operators.same("_aliasEntries", "aliasEntries", name)[0].code == 1
    assert operators.number("_changes", 0, "count") == operators.number("_operators", authority)


def test_every_variable_of_the_layout_was_read() -> None:
    """A new state variable must be added to these tests; the names of EIP712 serve only names longer than ours."""
    read = {
        "RecognitionRegistry": "_arrangements _arrangement _parties _partyEntries _offerTerms _offerEntries _agreed "
        "_recognitionEntries _recognitionOffers _suspensionEntries",
        "OperatorRegistry": "_operators _codes _operatorEntries _suspensionEntries _aliases _alias _aliasEntries",
    }
    for name, labels in read.items():
        expected = {*labels.split(), "_changes", "_nonces", "_nameFallback", "_versionFallback"}
        assert {one["label"] for one in artifact(name).storage_layout["storage"]} == expected


def signed(registry: Registry, key: bytes, action: str, arguments: Sequence[bytes], nonce: int) -> tuple[Any, bytes]:
    """An intent of subject `s`, signed by eth-account, under the domain that the contract states (EIP-5267)."""
    _, name, version, chain_id, address, _, _ = registry.contract.read("eip712Domain")
    domain = {"name": name, "version": version, "chainId": chain_id, "verifyingContract": address}
    deadline = registry.contract.chain.head().timestamp + 1000
    signer = EthAccount.from_key(key).address
    values = (signer, action, list(arguments), b"s".ljust(32, b"\0"), nonce, deadline)
    message = dict(zip((name for name, _ in FIELDS), values, strict=True))
    return values, EthAccount.sign_message(encode_typed_data(domain, TYPES, message), key).signature


@pytest.mark.parametrize("name", ["OperatorRegistry", "RecognitionRegistry"])
def test_an_intent_that_a_wallet_signs(consortium: Consortium, request: pytest.FixtureRequest, name: str) -> None:
    registry: Registry = request.getfixturevalue({"O": "operators", "R": "recognitions"}[name[0]])
    key, subject = b"\x11" * 32, b"other".ljust(32, b"\0")
    intent, signature = signed(registry, key, "skipNonce(bytes32)", [subject], 0)
    registry.write(consortium.keys.deployer, "relay", intent, signature)
    for place in (subject, b"s".ljust(32, b"\0")):
        assert registry.number("_nonces", intent[0], place) == registry.contract.read("nonce", intent[0], place) == 1
    with pytest.raises(Refused) as caught:
        registry.write(consortium.keys.deployer, "relay", intent, signature)
    assert caught.value.code == "contract.IntentNonceInvalid"


def test_an_intent_acts_as_its_signer(consortium: Consortium, operators: Registry) -> None:
    key = b"\x12" * 32
    registry, signer = consortium.registries.authority, EthAccount.from_key(key).address
    by_vote(consortium.chain, registry, consortium.voters, [registry.add_account("sg.customs", Role.ACT, signer)])
    data = operators.contract.write("grant", [("SG123456789012", 1, 1, 0, 0)]).data
    words = [data[place : place + 32] for place in range(4, len(data), 32)]
    action = "grant((string,uint8,uint32,uint64,uint64)[])"
    intent, signature = signed(operators, key, action, words, 0)
    operators.write(consortium.keys.deployer, "relay", intent, signature)
    assert operators.contract.read("operatorCount", to_bytes32("sg.customs")) == 1
