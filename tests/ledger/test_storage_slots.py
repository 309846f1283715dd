"""Every fact of the registries, read from its storage slot and compared with what the getter returns.

What is compared here is what can be proved without trusting a node: `test_each_slot_has_a_proof` walks the tries.
"""

from collections.abc import Sequence

import pytest
import rlp
from eth_utils.address import to_canonical_address, to_checksum_address
from eth_utils.crypto import keccak
from trie import HexaryTrie

from contracts import artifact
from contracts.layout import Key, locate
from ledger.account import Account
from ledger.authority import AuthorityChange, Purpose, Role
from ledger.chain import encode_abi
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.country import to_bytes2
from ledger.dated_list import Entry
from ledger.document_registry import DocumentChange, Status, StatusChange
from ledger.identifier import to_bytes32
from ledger.issuer_registry import IssuerChange
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from ledger.registered_key import key_fields
from ledger.transaction import submit_all
from tests.consortium import PLAN, Consortium

ISSUER, DIGEST, SUCCESSOR = "cn.carrier", b"\x21" * 32, b"\x22" * 32
BATCH = (b"\x11" * 32, 300, b"\x12" * 32)


class Storage:
    """A contract's storage, read slot by slot. `seen` remembers which slots were asked for."""

    def __init__(self, name: str, contract: Contract) -> None:
        self.artifact = artifact(name)
        self.contract = contract
        self.seen: dict[int, bytes] = {}

    def raw(self, label: str, *path: Key) -> bytes:
        place = locate(self.artifact, label, *path)
        word = self.seen[place.slot] = self.contract.chain.storage(self.contract.address, place.slot)
        return place.of(word)

    def number(self, label: str, *path: Key) -> int:
        return int.from_bytes(self.raw(label, *path), "big")

    def list(self, label: str, *path: Key) -> list[bytes]:
        return [self.raw(label, *path, n) for n in range(self.number(label, *path))]

    def entries(self, label: str, *path: Key) -> tuple[Entry, ...]:
        names = ("code", "detail", "effectiveFrom", "effectiveUntil", "recordedAt")
        count = self.number(label, *path)
        return tuple(Entry(*(self.number(label, *path, n, name) for name in names)) for n in range(count))

    def change(self, kind: int) -> ChangeHead:
        return ChangeHead(self.number("_changes", kind, "count"), self.raw("_changes", kind, "head"))


@pytest.fixture(scope="module")
def told(consortium: Consortium) -> Consortium:
    """The consortium, with something of every kind of fact on its chain."""
    registries, clock = consortium.registries, consortium.clock
    own, accreditor = consortium.keys.issuer_accounts[ISSUER], consortium.account("cn.maritime")
    key = PrivateKey.generate(Algorithm.ES256).public_key
    clock.now = consortium.chain.head().timestamp + 100
    submit_all(
        consortium.chain,
        [
            (accreditor, registries.issuer.add_key(ISSUER, key, 0, clock.now + 10_000)),
            (own, registries.issuer.suspend_key(key.thumbprint, 3)),
            (accreditor, registries.issuer.mark_compromised(key.thumbprint, clock.now - 50)),
            (accreditor, registries.issuer.mark_compromised(key.thumbprint, clock.now - 60)),
            (accreditor, registries.issuer.accredit(ISSUER, ["certificate-of-origin"], 0, clock.now + 500)),
            (accreditor, registries.issuer.end_accreditation(ISSUER, "bill-of-lading", clock.now + 400)),
            (accreditor, registries.issuer.add_account(ISSUER, Account.generate().address)),
            (consortium.account("cn.customs", Role.ANCHOR), registries.document.anchor(*BATCH)),
            (own, registries.document.set_status(StatusChange(ISSUER, DIGEST, Status.SUSPENDED, 5))),
            (own, registries.document.set_status(StatusChange(ISSUER, DIGEST, Status.SUPERSEDED, 6, SUCCESSOR))),
        ],
    )
    # One proposal stays open.
    registry = registries.authority
    submit_all(consortium.chain, [(consortium.voters[3], registry.propose([registry.admit_member("VN")]))])
    return consortium


@pytest.fixture(scope="module")
def authorities(told: Consortium) -> Storage:
    return Storage("AuthorityRegistry", told.registries.authority.contract)


@pytest.fixture(scope="module")
def issuers(told: Consortium) -> Storage:
    return Storage("IssuerRegistry", told.registries.issuer.contract)


@pytest.fixture(scope="module")
def documents(told: Consortium) -> Storage:
    return Storage("DocumentRegistry", told.registries.document.contract)


def countries(words: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(word[:2].decode() for word in words)


def addresses(words: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(to_checksum_address(word[-20:]) for word in words)


def ids(words: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(word.rstrip(b"\0").decode() for word in words)


def test_members_and_quorum(told: Consortium, authorities: Storage) -> None:
    registry = told.registries.authority
    assert [entry.code for entry in authorities.entries("_quorumEntries")] == [registry.quorum()] == [3]
    assert countries(authorities.list("_members")) == registry.members()
    for country in registry.members():
        stored = authorities.entries("_memberEntries", to_bytes2(country))
        assert stored == registry.member_entries(country) != ()


def test_authorities_and_accounts(told: Consortium, authorities: Storage) -> None:
    registry = told.registries.authority
    assert ids(authorities.list("_authorities")) == registry.authorities()
    for one in registry.authorities()[::4]:
        authority, key = registry.authority(one), to_bytes32(one)
        assert authority is not None
        assert authorities.raw("_authority", key, "country") == to_bytes2(authority.country)
        assert authorities.number("_authority", key, "domain") == authority.domain
        assert authorities.entries("_authorityEntries", key) == registry.authority_entries(one) != ()
        assert addresses(authorities.list("_accounts", key)) == registry.accounts(one) != ()
        for address in registry.accounts(one):
            place = (authorities.raw("_account", address, "authority"), authorities.number("_account", address, "role"))
            assert (ids(place[:1])[0], place[1]) == registry.account(address)
            assert authorities.entries("_accountEntries", address) == registry.account_entries(address) != ()


def test_service_keys(told: Consortium, authorities: Storage) -> None:
    registry = told.registries.authority
    for authority in ("cn.customs", "jp.chamber"):
        for purpose in Purpose:
            stored = authorities.list("_serviceKeys", to_bytes32(authority), purpose)
            assert tuple(stored) == registry.service_keys(authority, purpose) != ()
            for thumbprint in stored:
                found = registry.service_key(thumbprint)
                assert found is not None
                _, algorithm, x, y = key_fields(found.public_key)
                assert authorities.raw("_serviceKey", thumbprint, "authority") == to_bytes32(authority)
                assert authorities.raw("_serviceKey", thumbprint, "x") == x
                assert authorities.raw("_serviceKey", thumbprint, "y") == y
                assert authorities.number("_serviceKey", thumbprint, "purpose") == purpose
                assert authorities.number("_serviceKey", thumbprint, "algorithm") == algorithm
                entries = authorities.entries("_serviceKeyEntries", thumbprint)
                assert entries == registry.service_key_entries(thumbprint) != ()


def long_bytes(storage: Storage, label: str, *path: Key) -> bytes:
    """The bytes of a dynamic `bytes` value longer than 31: twice the length plus one, then the data."""
    place = locate(storage.artifact, label, *path)
    word = storage.contract.chain.storage(storage.contract.address, place.slot)
    length = int.from_bytes(word, "big") // 2
    first = int.from_bytes(keccak(place.slot.to_bytes(32, "big")), "big")
    words = (storage.contract.chain.storage(storage.contract.address, first + n) for n in range(-(-length // 32)))
    return b"".join(words)[:length]


def test_proposals(told: Consortium, authorities: Storage) -> None:
    registry = told.registries.authority
    count = authorities.number("_proposals")
    assert count == registry.proposal_count() >= 2
    for number in range(count):
        proposal = registry.proposal(number)
        assert bool(authorities.number("_proposals", number, "executed")) == proposal.executed == (number < count - 1)
        assert countries(authorities.list("_proposals", number, "approvals")) == proposal.approvals != ()
        assert authorities.number("_proposals", number, "calls") == len(proposal.calls)
        for n in {0, len(proposal.calls) - 1}:
            assert long_bytes(authorities, "_proposals", number, "calls", n) == proposal.calls[n]


def test_issuers(told: Consortium, issuers: Storage) -> None:
    registry = told.registries.issuer
    assert ids(issuers.list("_issuers")) == registry.issuers()
    for issuer in (ISSUER, "jp.origin"):
        key = to_bytes32(issuer)
        assert ids([issuers.raw("_accreditors", key)]) == (registry.accreditor(issuer),)
        assert issuers.entries("_issuerEntries", key) == registry.issuer_entries(issuer) != ()
        assert ids(issuers.list("_kinds", key)) == registry.kinds(issuer) != ()
        for kind in registry.kinds(issuer):
            stored = issuers.entries("_accreditationEntries", key, to_bytes32(kind))
            assert stored == registry.accreditation_entries(issuer, kind) != ()
        assert addresses(issuers.list("_accounts", key)) == registry.accounts(issuer) != ()
        for address in registry.accounts(issuer):
            assert ids([issuers.raw("_accountIssuers", address)]) == (registry.account_issuer(address),)
            assert issuers.entries("_accountEntries", address) == registry.account_entries(address) != ()


def test_issuer_keys(told: Consortium, issuers: Storage) -> None:
    registry = told.registries.issuer
    thumbprints = issuers.list("_keys", to_bytes32(ISSUER))
    assert tuple(thumbprints) == registry.keys(ISSUER)
    assert len(thumbprints) == 2
    for thumbprint in thumbprints:
        found = registry.key(thumbprint)
        assert found is not None
        _, algorithm, x, y = key_fields(found.public_key)
        assert ids([issuers.raw("_key", thumbprint, "issuer")]) == (found.issuer,)
        assert (issuers.raw("_key", thumbprint, "x"), issuers.raw("_key", thumbprint, "y")) == (x, y)
        assert issuers.number("_key", thumbprint, "algorithm") == algorithm
        assert issuers.entries("_keyEntries", thumbprint) == registry.key_entries(thumbprint) != ()
        assert issuers.entries("_compromiseEntries", thumbprint) == registry.compromise_entries(thumbprint)
    assert len(registry.compromise_entries(thumbprints[-1])) == 2


def test_documents(told: Consortium, documents: Storage) -> None:
    registry, key = told.registries.document, (to_bytes32(ISSUER), DIGEST)
    name = keccak(encode_abi(["bytes32", "uint64", "bytes32"], BATCH))
    anchoring = registry.anchoring(*BATCH)
    assert anchoring is not None
    assert addresses([documents.raw("_anchorings", name, "account")]) == (anchoring.account,)
    assert documents.number("_anchorings", name, "anchoredAt") == anchoring.anchored_at
    assert documents.entries("_statusEntries", *key) == registry.status_entries(ISSUER, DIGEST)
    assert [entry.detail for entry in registry.status_entries(ISSUER, DIGEST)] == [5, 6]
    assert documents.raw("_successors", *key) == registry.successor(ISSUER, DIGEST) == SUCCESSOR


def test_change_counts_and_heads(told: Consortium, authorities: Storage, issuers: Storage, documents: Storage) -> None:
    registries = told.registries
    assert [authorities.change(kind) for kind in AuthorityChange] == [
        registries.authority.changes(kind) for kind in AuthorityChange
    ]
    assert [issuers.change(kind) for kind in IssuerChange] == [registries.issuer.changes(kind) for kind in IssuerChange]
    assert [documents.change(kind) for kind in DocumentChange] == [
        registries.document.changes(kind) for kind in DocumentChange
    ]


def test_every_variable_of_the_layout_was_read() -> None:
    """A new state variable must be added to these tests."""
    # What is newer is read in tests/contracts/test_slots.py; the names of EIP712 are only for longer names than ours.
    elsewhere = "_nameFallback _versionFallback _nonces "
    read = {
        "AuthorityRegistry": "_quorumEntries _members _memberEntries _authorities _authority _authorityEntries "
        "_accounts _account _accountEntries _serviceKeys _serviceKey _serviceKeyEntries _proposals _changes "
        "_voteEntries _successors",
        "IssuerRegistry": "_issuers _accreditors _issuerEntries _kinds _accreditationEntries _accounts "
        "_accountIssuers _accountEntries _keys _key _keyEntries _compromiseEntries _changes "
        "_authorities _bodyEntries _issuerHoldEntries _keyHoldEntries _scope _scopeEntries",
        "DocumentRegistry": "_anchorings _statusEntries _successors _changes _holdEntries",
    }
    for name, labels in read.items():
        assert {one["label"] for one in artifact(name).storage_layout["storage"]} == set((elsewhere + labels).split())


@pytest.mark.parametrize("name", ["authorities", "issuers", "documents"])
def test_each_slot_has_a_proof(told: Consortium, request: pytest.FixtureRequest, name: str) -> None:
    """What `eth_getProof` gives leads from the block's state root to the very bytes read above, or to their absence."""
    storage: Storage = request.getfixturevalue(name)
    absent = locate(storage.artifact, "_changes", 99, "head").slot
    slots = [*storage.seen, absent]
    assert len(slots) > 5
    chain, address, head = told.chain, storage.contract.address, told.chain.head()
    proof = chain.proof(address, slots, head.number)
    account = rlp.encode([proof.nonce, proof.balance, proof.storage_root, proof.code_hash])
    assert (
        HexaryTrie.get_from_proof(head.state_root, keccak(to_canonical_address(address)), _nodes(proof.nodes))
        == account
    )
    assert proof.code_hash == told.network.contracts[storage.artifact.name].code_hash
    assert proof.slots.keys() == set(slots)
    for slot, found in proof.slots.items():
        stored = HexaryTrie.get_from_proof(proof.storage_root, keccak(slot.to_bytes(32, "big")), _nodes(found.nodes))
        value = rlp.decode(stored).rjust(32, b"\0") if stored else bytes(32)
        assert value == found.value == storage.seen.get(slot, bytes(32))


def _nodes(encoded: Sequence[bytes]) -> list[object]:
    return [rlp.decode(node) for node in encoded]


def test_the_plan_is_what_is_read(told: Consortium, authorities: Storage) -> None:
    assert countries(authorities.list("_members")) == tuple(member.country for member in PLAN)
