"""fsck: breaks that take more than a changed row: other transactions, other manifests, tables without constraints."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from eth_utils.crypto import keccak
from sqlalchemy import select

from anchors import merkle
from anchors.cid import Cid, Codec, cid_of
from anchors.database import State
from anchors.database.models import (
    BatchRow,
    BreachRow,
    DocumentRow,
    RelayRow,
    ReplacedTransactionRow,
    SealedPayloadRow,
    TransactionRow,
)
from anchors.manifest import Leaf, encode
from anchors.rebuild.found_again import FoundBatch, MinedTransaction, take_in
from ledger.account import Account
from ledger.authority_registry import Role
from ledger.transaction import Call, SignedTransaction, await_receipt, sign
from tests.anchors.examined import codes, examine, execute, without_constraints
from tests.anchors.node_in_every_state import database_kept, in_every_state
from tests.anchors.pipeline_node import CARRIER, PipelineNode
from tests.consortium import Consortium


@pytest.fixture(scope="module")
def made(consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    with in_every_state(consortium_template, tmp_path_factory.mktemp("examined")) as node:
        yield node


@pytest.fixture
def node(made: PipelineNode, tmp_path: Path) -> Iterator[PipelineNode]:
    with database_kept(made, tmp_path / "kept.db"):
        yield made


def batch_in(node: PipelineNode, state: State) -> BatchRow:
    with node.database.read() as session:
        return session.scalars(select(BatchRow).where(BatchRow.state == state).order_by(BatchRow.id)).first()  # type: ignore[return-value]


def set_row(node: PipelineNode, row: Any, number: int, **values: Any) -> None:
    with node.database.write() as session:
        found = session.get_one(row, number)
        for name, value in values.items():
            setattr(found, name, value)


def add(node: PipelineNode, row: Any) -> None:
    with node.database.write() as session:
        session.add(row)


def signed_for(
    node: PipelineNode, batches: Sequence[BatchRow], nonce: int, account: Account | None = None, **other: Any
) -> SignedTransaction:
    call = node.registries.document.anchor_many([(one.root, one.size, one.manifest_digest) for one in batches])
    chain_id = other.pop("chain_id", node.chain.chain_id)
    return sign(account or node.resources.account, call, nonce=nonce, chain_id=chain_id, gas=1_000_000)


def mended(node: PipelineNode, *found: str) -> None:
    assert codes(examine(node)) == sorted(found)
    examine(node, repair=True)
    assert examine(node) == []


def left(node: PipelineNode, *found: str) -> None:
    assert codes(examine(node, repair=True)) == sorted(found)
    assert codes(examine(node)) == sorted(found)


# --- tables


def doubled(node: PipelineNode, changes: str) -> None:
    without_constraints(node, "documents")
    execute(
        node,
        "INSERT INTO documents SELECT * FROM documents WHERE state = 'stored' LIMIT 1",
        f"UPDATE documents SET number = 999{changes} WHERE rowid = (SELECT max(rowid) FROM documents)",
    )


def test_a_document_twice(node: PipelineNode) -> None:
    doubled(node, "")
    left(node, "document.twice", "document.name-twice")


def test_a_name_twice(node: PipelineNode) -> None:
    doubled(node, ", digest = zeroblob(32)")
    left(node, "document.name-twice")


def test_a_damaged_database(node: PipelineNode) -> None:
    execute(
        node,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'failure_code VARCHAR(64)', 'failure_code VARCHAR(64) NOT NULL')",
    )
    node.database.close()
    assert set(codes(examine(node))) == {"database.damaged"}


# --- what points to nothing


def test_a_batch_that_is_gone(node: PipelineNode) -> None:
    execute(node, "DELETE FROM batches WHERE state = 'batched'")
    left(node, "document.batch", "document.batch")


def test_a_transaction_that_is_gone(node: PipelineNode) -> None:
    signed = batch_in(node, State.SIGNED)
    execute(node, f"DELETE FROM transactions WHERE id = {signed.transaction_id}")
    mended(node, "batch.transaction", "batch.no-transaction")


def test_a_breach_of_nothing(node: PipelineNode) -> None:
    execute(node, "INSERT INTO breaches (document_number, promised_at, noticed_at) VALUES (999, 1, 1)")
    left(node, "breach.document")
    execute(node, "DELETE FROM breaches")
    add(node, BreachRow(document_number=1, promised_at=1, noticed_at=1))
    assert examine(node) == []


# --- manifests


def other_manifest(node: PipelineNode, content: bytes, *, stored: bool = True) -> None:
    cid = cid_of(content)
    if stored:
        node.store.put([content])
    set_row(node, BatchRow, batch_in(node, State.BATCHED).id, manifest_cid=str(cid), manifest_digest=cid.digest)


def leaves_of(node: PipelineNode, batch: BatchRow) -> list[Leaf]:
    query = select(DocumentRow).where(DocumentRow.batch_id == batch.id).order_by(DocumentRow.leaf_index)
    with node.database.read() as session:
        return [Leaf(row.digest, row.issuer, Cid.parse(row.payload_cid)) for row in session.scalars(query)]


def test_a_manifest_for_another_chain(node: PipelineNode) -> None:
    other_manifest(node, encode(5, leaves_of(node, batch_in(node, State.BATCHED))))
    left(node, "batch.chain")


def test_a_manifest_that_is_none(node: PipelineNode) -> None:
    other_manifest(node, b"no manifest")
    left(node, "batch.manifest")


def test_a_manifest_that_nobody_has(node: PipelineNode) -> None:
    other_manifest(node, b"nowhere", stored=False)
    left(node, "manifest.lost", "payload.missing")


# --- transactions


def other_bytes(node: PipelineNode, signed: SignedTransaction, state: State = State.SIGNED, **values: Any) -> None:
    row = batch_in(node, state).transaction_id
    set_row(node, TransactionRow, row or 0, raw=signed.raw, hash=signed.hash, **values)


def nonce_of(node: PipelineNode, batch: BatchRow) -> int:
    with node.database.read() as session:
        return session.get_one(TransactionRow, batch.transaction_id).nonce


def test_a_transaction_for_another_chain(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    other_bytes(node, signed_for(node, [batch], nonce_of(node, batch), chain_id=5))
    left(node, "transaction.chain")


def test_a_transaction_that_anchors_other_batches(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    other_bytes(node, signed_for(node, [], nonce_of(node, batch)))
    left(node, "transaction.batches")


def test_a_transaction_that_came_back_after_its_batches_were_freed(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    set_row(node, BatchRow, batch.id, transaction_id=None, state=State.BATCHED)
    assert examine(node) == []


def test_bytes_that_are_no_transaction(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    other_bytes(node, SignedTransaction(b"\1", keccak(b"\1"), "", nonce_of(node, batch)))
    left(node, "transaction.form")


def test_a_transaction_that_has_failed(node: PipelineNode) -> None:
    batch = batch_in(node, State.MINED)
    account = node.consortium.account("cn.customs", Role.ACT)
    signed = signed_for(node, [batch], node.chain.nonce(account.address), account)
    receipt = await_receipt(node.chain, node.chain.send(signed.raw))
    assert not receipt.succeeded
    place = {"block_number": receipt.block_number, "block_hash": receipt.block_hash, "block_time": 1}
    other_bytes(node, signed, State.MINED, sender=account.address, nonce=signed.nonce, **place)
    mended(node, "transaction.failed")
    assert batch_in(node, State.BATCHED).id == batch.id


def test_earlier_bytes_of_another_transaction(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    older = signed_for(node, [batch], 77)
    row = {"transaction_id": batch.transaction_id, "gas_price": 0, "replaced_at": 1}
    add(node, ReplacedTransactionRow(hash=older.hash, raw=older.raw, **row))
    left(node, "transaction.replaced")
    execute(node, "DELETE FROM replaced_transactions")
    older = signed_for(node, [batch], nonce_of(node, batch))
    add(node, ReplacedTransactionRow(hash=older.hash, raw=older.raw, **row))
    assert examine(node) == []


def test_a_relayed_intent_with_other_bytes(node: PipelineNode) -> None:
    members = {"intent": "{}", "signer": "0x0", "relayed_at": 1, "state": "mined", "sender": "0x0", "nonce": 1}
    add(node, RelayRow(id=b"\1" * 32, raw=b"\1", transaction_hash=keccak(b"\1"), **members))
    assert examine(node) == []
    add(node, RelayRow(id=b"\2" * 32, raw=b"\1", transaction_hash=b"\2" * 32, **members))
    left(node, "relay.hash")


def test_a_call_of_another_contract_anchors_nothing(node: PipelineNode) -> None:
    batch = batch_in(node, State.SIGNED)
    registry = node.registries.document
    call = registry.anchor_many([(batch.root, batch.size, batch.manifest_digest)])
    assert registry.anchored_by(call) == ((batch.root, batch.size, batch.manifest_digest),)
    assert registry.anchored_by(Call("0x" + "11" * 20, call.data)) == ()
    assert registry.anchored_by(Call(call.to, call.data + b"\0" * 32)) == ()


# --- payloads


def test_a_payload_that_is_stored_already(node: PipelineNode) -> None:
    with node.database.write() as session:
        row = session.scalars(select(SealedPayloadRow)).first()
        assert row is not None
        node.store.put([row.content])
        session.delete(row)
    mended(node, "payload.stored-already")


# --- last, since it leaves something on the chain that all tests here share


def test_one_document_in_two_batches(node: PipelineNode) -> None:
    """As when a database was set back to a backup, and what was anchored since was registered again."""
    known, new = leaves_of(node, batch_in(node, State.FINAL))[0], Leaf(b"\7" * 32, CARRIER, Cid(Codec.RAW, b"\7" * 32))
    final = [known, new]
    content = encode(node.chain.chain_id, final)
    [cid] = node.store.put([content])
    root = merkle.root([leaf.digest for leaf in final])
    receipt = node.consortium.submit(
        node.resources.account, node.registries.document.anchor(root, len(final), cid.digest)
    )
    [told] = examine(node, repair=True)
    assert (told.finding.code, told.repaired) == ("anchoring.unknown", False)
    block = node.chain.head()
    signed = signed_for(node, [], 555)
    with node.database.write() as session:
        assert receipt.block_number == block.number
        found, mined = FoundBatch(root, cid, final), MinedTransaction(signed.raw, block.number, block.hash, 1)
        assert take_in(session, found, mined) == [final[0].digest]
    assert "document.anchored-twice" in codes(examine(node))
