import os

import pytest
from eth_utils.crypto import keccak

from ledger.authority import Role
from ledger.chain import encode_abi
from ledger.document_registry import Anchoring, DocumentChange, Status, StatusChange
from ledger.errors import Refused
from tests.consortium import Consortium

ISSUER = "cn.carrier"


def digest() -> bytes:
    return os.urandom(32)


def test_a_batch_is_anchored_once(consortium: Consortium) -> None:
    registry, account = consortium.registries.document, consortium.account("cn.customs", Role.ANCHOR)
    batch = (digest(), 5, digest())
    assert registry.anchoring(*batch) is None
    receipt = consortium.submit(account, registry.anchor(*batch))
    block = consortium.chain.block(receipt.block_number)
    assert block is not None
    expected = Anchoring(account.address, block.timestamp)
    assert registry.anchoring(*batch) == expected
    assert registry.anchoring(*batch, at=receipt.block_number - 1) is None
    other = consortium.account("sg.customs", Role.ANCHOR)
    consortium.submit(other, registry.anchor(*batch))
    assert registry.anchoring(*batch) == expected, "the same again does nothing"
    root, size, manifest = batch
    assert registry.anchoring(root, size + 1, manifest) is None
    assert registry.anchoring(root, size, digest()) is None


def test_many_batches_and_their_events(consortium: Consortium) -> None:
    registry, account = consortium.registries.document, consortium.account("kr.customs", Role.ANCHOR)
    before = registry.changes(DocumentChange.ANCHORING)
    batches = [(digest(), n + 1, digest()) for n in range(30)]
    receipt = consortium.submit(account, registry.anchor_many(batches))
    events = registry.anchored(receipt.block_number, receipt.block_number)
    assert [(one.root, one.size, one.manifest_digest) for one in events] == batches
    assert [one.index for one in events] == list(range(before.count, before.count + 30))
    assert {(one.account, one.transaction_hash) for one in events} == {(account.address, receipt.transaction_hash)}
    head = before.head
    for one in events:
        types = ["bytes32", "bytes32", "uint64", "uint64", "address"]
        values = [one.root, one.manifest_digest, one.size, one.anchored_at, one.account]
        head = keccak(encode_abi(["bytes32", "bytes32"], [head, keccak(encode_abi(types, values))]))
    after = registry.changes(DocumentChange.ANCHORING)
    assert (after.count, after.head) == (before.count + 30, head), "the running hash proves the list complete"


def test_only_anchor_accounts(consortium: Consortium) -> None:
    call = consortium.registries.document.anchor(digest(), 1, digest())
    for account in (consortium.account("cn.customs", Role.ACT), consortium.keys.issuer_accounts[ISSUER]):
        with pytest.raises(Refused) as caught:
            consortium.submit(account, call)
        assert caught.value.code == "contract.DocumentRegistryNotAnchoring"


def test_the_life_of_a_document(consortium: Consortium) -> None:
    registry, own = consortium.registries.document, consortium.keys.issuer_accounts[ISSUER]
    one, successor = digest(), digest()
    assert registry.status_entries(ISSUER, one) == ()
    assert registry.successor(ISSUER, one) is None
    for change in (
        StatusChange(ISSUER, one, Status.SUSPENDED, 4),
        StatusChange(ISSUER, one, Status.REINSTATED),
        StatusChange(ISSUER, one, Status.SUPERSEDED, 2, successor),
        StatusChange(ISSUER, one, Status.REVOKED, 9),
    ):
        receipt = consortium.submit(own, registry.set_status(change))
        entry = registry.status_entries(ISSUER, one)[-1]
        block = consortium.chain.block(receipt.block_number)
        assert block is not None
        assert (entry.code, entry.detail) == (change.status, change.reason)
        assert entry.effective_from == entry.recorded_at == block.timestamp
    assert registry.successor(ISSUER, one) == successor
    assert len(registry.status_entries(ISSUER, one)) == 4
    assert registry.status_entries("cn.origin", one) == (), "an issuer speaks of its own documents only"
    with pytest.raises(Refused) as caught:
        consortium.submit(own, registry.set_status(StatusChange(ISSUER, one, Status.REINSTATED)))
    assert caught.value.code == "contract.DocumentRegistryStatusFinal"


def test_statuses_in_bulk_are_all_or_none(consortium: Consortium) -> None:
    registry, own = consortium.registries.document, consortium.keys.issuer_accounts[ISSUER]
    digests = [digest() for _ in range(20)]
    changes = [StatusChange(ISSUER, one, Status.REVOKED) for one in digests]
    with pytest.raises(Refused):
        consortium.submit(own, registry.set_statuses([*changes, changes[0]]))
    assert registry.status_entries(ISSUER, digests[0]) == ()
    consortium.submit(own, registry.set_statuses(changes))
    assert all(registry.status_entries(ISSUER, one)[-1].code == Status.REVOKED for one in digests)


def test_the_accreditor_may_and_others_may_not(consortium: Consortium) -> None:
    registry, call = consortium.registries.document, consortium.registries.document.set_status
    change = StatusChange(ISSUER, digest(), Status.SUSPENDED)
    for stranger in (
        consortium.account("cn.customs"),
        consortium.account("cn.maritime", Role.ANCHOR),
        consortium.keys.issuer_accounts["sg.carrier"],
    ):
        with pytest.raises(Refused) as caught:
            consortium.submit(stranger, call(change))
        assert caught.value.code == "contract.DocumentRegistryNotIssuer"
    consortium.submit(consortium.account("cn.maritime"), call(change))
    assert registry.status_entries(ISSUER, change.digest)[-1].code == Status.SUSPENDED


@pytest.mark.parametrize("status", [Status.REVOKED, Status.SUSPENDED])
def test_a_successor_only_when_superseded(consortium: Consortium, status: Status) -> None:
    own = consortium.keys.issuer_accounts[ISSUER]
    change = StatusChange(ISSUER, digest(), status, successor=digest())
    with pytest.raises(Refused) as caught:
        consortium.submit(own, consortium.registries.document.set_status(change))
    assert caught.value.code == "contract.DocumentRegistrySuccessorInvalid"


def test_no_document_takes_its_own_place(consortium: Consortium) -> None:
    own, one = consortium.keys.issuer_accounts[ISSUER], digest()
    for successor in (one, None):
        change = StatusChange(ISSUER, one, Status.SUPERSEDED, successor=successor)
        call = consortium.registries.document.set_status(change)
        with pytest.raises(Refused) as caught:
            consortium.submit(own, call)
        assert caught.value.code == "contract.DocumentRegistrySuccessorInvalid"


@pytest.mark.parametrize("batch", [(bytes(32), 1, b"\1" * 32), (b"\1" * 32, 0, b"\1" * 32), (b"\1" * 32, 1, bytes(32))])
def test_no_empty_batch(consortium: Consortium, batch: tuple[bytes, int, bytes]) -> None:
    with pytest.raises(Refused) as caught:
        consortium.submit(consortium.account("cn.customs", Role.ANCHOR), consortium.registries.document.anchor(*batch))
    assert caught.value.code == "contract.DocumentRegistryBatchInvalid"
