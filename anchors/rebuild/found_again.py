"""A batch that is on the chain and not in the database: its rows, from the chain and its manifest alone.

Tenant, kind, jti, kid, iat and receipt of its documents stand only in their payloads, which are encrypted; they stay
open until the registrant registers a document again (anchors/pipeline/fill_in.py). Of a gate statement the manifest
has digest and place; its bytes lie in the payload, and are read when somebody asks (anchors/gate_archive.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.cid import Cid
from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, TransactionRow
from anchors.lane import Lane
from anchors.manifest import Leaf, LeafType
from anchors.rebuild.found_reports import take_in_reports
from ledger.raw_transaction import RawTransaction

_PART = 1_000


@dataclass(frozen=True)
class MinedTransaction:
    """A transaction's bytes and the block that it is in."""

    raw: bytes
    block_number: int
    block_hash: bytes
    block_time: int


@dataclass(frozen=True)
class FoundBatch:
    """An anchored batch with its manifest, which has been checked against root, size and manifest digest."""

    root: bytes
    manifest_cid: Cid
    leaves: Sequence[Leaf]


def take_in(session: Session, found: FoundBatch, mined: MinedTransaction) -> list[bytes]:
    """Write the rows of a batch, and of its transaction unless it is here; return digests placed elsewhere.

    Doing it again does nothing.
    """
    transaction = transaction_row(session, mined)
    batch = _batch_row(session, found, transaction)
    if found.leaves[0].leaf_type == LeafType.REPORT:
        return take_in_reports(session, batch.id, found.leaves, mined.block_time)
    known = _known(session, [leaf.digest for leaf in found.leaves])
    paths = merkle.inclusion_paths([leaf.digest for leaf in found.leaves])
    elsewhere, new = [], []
    gates: dict[bytes, Gate] = {}
    for index, (leaf, path) in enumerate(zip(found.leaves, paths, strict=True)):
        row = known.get(leaf.digest)
        if leaf.leaf_type == LeafType.GATE:
            gates[found.leaves[index - 1].digest] = (leaf.digest, path)
        elif row is not None and (row.batch_id not in (None, batch.id) or row.payload_cid != str(leaf.payload_cid)):
            elsewhere.append(leaf.digest)
        elif row is not None:
            place(row, batch.id, index, path)
        else:
            new.append(_members(leaf, mined.block_time) | _place(batch.id, index, path))
    for start in range(0, len(new), _PART):
        session.execute(insert(DocumentRow), new[start : start + _PART])
    session.flush()
    place_gates(session, {one: gate for one, gate in gates.items() if one not in elsewhere})
    return elsewhere


Gate = tuple[bytes, Sequence[bytes]]
"""The digest of a gate statement, and its inclusion path."""


def place_gates(session: Session, gates: Mapping[bytes, Gate]) -> None:
    """Write digests and places of gate statements, by their documents' digests; bytes stay where they are right."""
    numbers = {row.digest: row.number for row in _known(session, list(gates)).values()}
    kept = _kept(session, list(numbers.values()))
    new: list[dict[str, Any]] = []
    for document, (digest, path) in gates.items():
        number, siblings = numbers[document], b"".join(path)
        row = kept.get(number)
        if row is None:
            new.append({"document_number": number, "digest": digest, "path": siblings})
            continue
        if row.digest != digest:
            row.digest, row.content = digest, None
        row.path = siblings
    for start in range(0, len(new), _PART):
        session.execute(insert(GateStatementRow), new[start : start + _PART])


def _kept(session: Session, numbers: Sequence[int]) -> dict[int, GateStatementRow]:
    found: dict[int, GateStatementRow] = {}
    for start in range(0, len(numbers), _PART):
        query = select(GateStatementRow).where(GateStatementRow.document_number.in_(numbers[start : start + _PART]))
        found |= {row.document_number: row for row in session.scalars(query)}
    return found


def document_row(leaf: Leaf, anchored_at: int) -> DocumentRow:
    """Return what a manifest says of a document. It was accepted before `anchored_at`, nobody knows when."""
    return DocumentRow(**_members(leaf, anchored_at))


def _members(leaf: Leaf, anchored_at: int) -> dict[str, Any]:
    return {
        "digest": leaf.digest,
        "issuer": leaf.issuer,
        "edition": 0,
        "covered": False,
        "warnings": "",
        "accepted_at": anchored_at,
        "promised_at": anchored_at,
        "lane": Lane.NORMAL,
        "replicas": 0,
        "state": State.BATCHED,
        "payload_cid": str(leaf.payload_cid),
    }


def _place(batch: int, index: int, path: Sequence[bytes]) -> dict[str, Any]:
    return {"batch_id": batch, "leaf_index": index, "path": b"".join(path)}


def place(row: DocumentRow, batch: int, index: int, path: Sequence[bytes]) -> None:
    """Make a document the leaf `index` of a batch."""
    row.state, row.failure_code, row.failure_detail = State.BATCHED, None, None
    for name, value in _place(batch, index, path).items():
        setattr(row, name, value)


def transaction_row(session: Session, mined: MinedTransaction) -> TransactionRow:
    """Return the row of a mined transaction; it is added where it is not there."""
    read = RawTransaction.of(mined.raw)
    row = session.scalar(select(TransactionRow).where(TransactionRow.hash == read.hash))
    if row is None:
        row = TransactionRow(
            sender=read.sender,
            nonce=read.nonce,
            raw=mined.raw,
            hash=read.hash,
            gas_price=read.gas_price,
            state=TransactionState.MINED,
            created_at=mined.block_time,
            sent_at=mined.block_time,
            block_number=mined.block_number,
            block_hash=mined.block_hash,
            block_time=mined.block_time,
        )
        session.add(row)
        session.flush()
    return row


def _batch_row(session: Session, found: FoundBatch, transaction: TransactionRow) -> BatchRow:
    name = {"root": found.root, "size": len(found.leaves), "manifest_digest": found.manifest_cid.digest}
    row = session.scalar(select(BatchRow).filter_by(**name))
    if row is None:
        row = BatchRow(
            **name,
            manifest_cid=str(found.manifest_cid),
            manifest_replicas=0,
            lane=Lane.NORMAL,
            state=State.MINED,
            created_at=transaction.created_at,
            transaction_id=transaction.id,
        )
        session.add(row)
        session.flush()
    return row


def _known(session: Session, digests: Sequence[bytes]) -> dict[bytes, DocumentRow]:
    found: dict[bytes, DocumentRow] = {}
    for start in range(0, len(digests), _PART):
        query = select(DocumentRow).where(DocumentRow.digest.in_(digests[start : start + _PART]))
        found |= {row.digest: row for row in session.scalars(query)}
    return found
