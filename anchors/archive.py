"""What the node knows of a document's anchor: the read model of receipts and of verification."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from anchors import merkle
from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow, TransactionRow
from anchors.finality import Finality, FinalityProof
from anchors.lane import Lane

# Made once: every verification asks it, and putting it together takes as long as SQLite needs to answer. Columns, not
# models: making those takes longer than all the rest.
_RECORDS = (
    select(
        DocumentRow.digest,
        DocumentRow.tenant_id,
        DocumentRow.issuer,
        DocumentRow.kind,
        DocumentRow.state,
        DocumentRow.lane,
        DocumentRow.accepted_at,
        DocumentRow.promised_at,
        DocumentRow.warnings,
        DocumentRow.supersedes,
        DocumentRow.failure_code,
        DocumentRow.failure_detail,
        DocumentRow.payload_cid,
        DocumentRow.receipt,
        DocumentRow.leaf_index,
        DocumentRow.path,
        BatchRow.state.label("batch_state"),
        BatchRow.root,
        BatchRow.size,
        BatchRow.manifest_digest,
        BatchRow.manifest_cid,
        BatchRow.final_at,
        TransactionRow.hash,
        TransactionRow.block_number,
        TransactionRow.block_hash,
        TransactionRow.block_time,
    )
    .select_from(DocumentRow)
    .outerjoin(BatchRow, BatchRow.id == DocumentRow.batch_id)
    .outerjoin(TransactionRow, TransactionRow.id == BatchRow.transaction_id)
)
_FIND = _RECORDS.where(DocumentRow.digest == bindparam("digest"))
_FIND_MANY = _RECORDS.where(DocumentRow.digest.in_(bindparam("digests", expanding=True)))
_AT_ONCE = 500


@dataclass(frozen=True)
class BatchPlace:
    """A leaf's place in its batch; `path` as RFC 9162 §2.1.3 has it, from the leaf's sibling upwards."""

    root: bytes
    size: int
    manifest_digest: bytes
    manifest_cid: str
    index: int
    path: tuple[bytes, ...]

    @property
    def batch(self) -> tuple[bytes, int, bytes]:
        """What names the batch on the chain: root, size, manifest digest."""
        return self.root, self.size, self.manifest_digest


@dataclass(frozen=True)
class BlockPlace:
    """Where the anchoring transaction was mined; `time` is the block's."""

    transaction_hash: bytes
    number: int
    hash: bytes
    time: int


@dataclass(frozen=True)
class AnchorRecord:
    """All that is known of one document; `batch` from `batched` on, `block` from `mined` on, `proof` once `final`.

    One that was found again from chain and manifests has no tenant and no receipt, and its kind is empty.
    """

    digest: bytes
    tenant: str | None
    issuer: str
    kind: str
    state: State
    lane: Lane
    accepted_at: int
    anchored_by: int
    warnings: tuple[str, ...]
    supersedes: bytes | None
    failure: tuple[str, str] | None
    payload_cid: str
    accepted_receipt: str | None
    batch: BatchPlace | None
    transaction_hash: bytes | None
    block: BlockPlace | None
    final_at: int | None
    proof: FinalityProof | None

    def promise(self, now: float) -> "Promise":
        """Return how the promise stands; it is void for a document that failed with a stated reason."""
        if self.block is not None:
            return Promise.KEPT if self.block.time <= self.anchored_by else Promise.BROKEN
        if self.failure is not None:
            return Promise.VOID
        return Promise.OPEN if now <= self.anchored_by else Promise.BROKEN


class Promise(StrEnum):
    """What became of the promise of a receipt."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    VOID = "void"


class Archive:
    """Finds documents by their digest."""

    def __init__(self, database: Database, finality: Finality) -> None:
        self._database = database
        self._finality = finality

    def find(self, digest: bytes) -> AnchorRecord | None:
        """Return what is known of the document; None if it was never accepted here.

        Raises Unavailable `database.*`.
        """
        with self._database.look() as connection:
            found = connection.execute(_FIND, {"digest": digest}).one_or_none()
        return _record(self._finality.proof_for, found) if found else None

    def find_many(self, digests: Sequence[bytes]) -> dict[bytes, AnchorRecord]:
        """Return what is known of each document that was accepted here. Raises as `find`."""
        found: dict[bytes, AnchorRecord] = {}
        proof_for = cache(self._finality.proof_for)
        for start in range(0, len(digests), _AT_ONCE):
            some = digests[start : start + _AT_ONCE]
            with self._database.look() as connection:
                rows = connection.execute(_FIND_MANY, {"digests": some}).all()
            found |= {row.digest: _record(proof_for, row) for row in rows}
        return found


def _record(proof_for: Callable[[int], FinalityProof | None], row: Any) -> AnchorRecord:
    batch = row if row.batch_state else None
    block = block_place(row if row.hash else None)
    return AnchorRecord(
        digest=row.digest,
        tenant=row.tenant_id,
        issuer=row.issuer,
        kind=row.kind or "",
        state=State(row.batch_state or row.state),
        lane=Lane(row.lane),
        accepted_at=row.accepted_at,
        anchored_by=row.promised_at,
        warnings=tuple(row.warnings.split()),
        supersedes=row.supersedes,
        failure=(row.failure_code, row.failure_detail or "") if row.failure_code else None,
        payload_cid=row.payload_cid,
        accepted_receipt=row.receipt,
        batch=batch_place(row, batch),
        transaction_hash=row.hash,
        block=block,
        final_at=row.final_at,
        proof=proof_for(block.number) if row.batch_state == State.FINAL and block else None,
    )


def batch_place(leaf: Any, batch: Any) -> BatchPlace | None:
    """Return the place of a document or a report in its batch, if it has one: models, or rows with their columns."""
    if batch is None or leaf.leaf_index is None or leaf.path is None:
        return None
    return BatchPlace(
        root=batch.root,
        size=batch.size,
        manifest_digest=batch.manifest_digest,
        manifest_cid=batch.manifest_cid,
        index=leaf.leaf_index,
        path=merkle.split(leaf.path),
    )


def block_place(transaction: Any) -> BlockPlace | None:
    """Return where a transaction was mined, if it was: a model, or a row with its columns."""
    if transaction is None or transaction.block_number is None:
        return None
    if transaction.block_hash is None or transaction.block_time is None:
        return None
    return BlockPlace(transaction.hash, transaction.block_number, transaction.block_hash, transaction.block_time)
