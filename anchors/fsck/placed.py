"""Each document is where the manifest of its batch puts it, with the inclusion path that the tree gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, TransactionRow
from anchors.fsck.finding import Finding
from anchors.manifest import Leaf, LeafType
from anchors.rebuild.found_again import Gate, document_row, place, place_gates

COLUMNS = (
    DocumentRow.number,
    DocumentRow.digest,
    DocumentRow.issuer,
    DocumentRow.payload_cid,
    DocumentRow.leaf_index,
    DocumentRow.path,
    DocumentRow.state,
    GateStatementRow.digest.label("gate"),
    GateStatementRow.path.label("gate_path"),
)
_BACKUP = "restore the database from a backup, or rebuild it"


@dataclass(frozen=True)
class _Place:
    batch: BatchRow
    leaf: Leaf
    index: int
    path: tuple[bytes, ...]
    gate: Gate | None = None

    def fault(self, row: Any) -> tuple[str, str] | None:
        """Return what is wrong with the document of this leaf."""
        if row.leaf_index != self.index:
            return "leaf.index", f"it stands at {row.leaf_index}, in the manifest at {self.index}"
        if row.path != b"".join(self.path):
            return "leaf.path", "its inclusion path is not the one of its place in the tree"
        if row.state != State.BATCHED:
            return "leaf.state", f"it is a leaf of a batch and reads {row.state}"
        if (row.issuer, row.payload_cid) != (self.leaf.issuer, str(self.leaf.payload_cid)):
            return "leaf.other", "the manifest names another issuer or payload for it"
        if self._stated_gate != (row.gate, row.gate_path):
            return (
                "leaf.gate",
                "its gate statement is not the leaf that the manifest has after it, or has another path",
            )
        return None

    @property
    def _stated_gate(self) -> tuple[bytes | None, bytes | None]:
        return (self.gate[0], b"".join(self.gate[1])) if self.gate else (None, None)

    def put(self, number: int, session: Session) -> None:
        """Write the document's row as the manifest has it."""
        row = session.get_one(DocumentRow, number)
        row.issuer, row.payload_cid = self.leaf.issuer, str(self.leaf.payload_cid)
        place(row, self.batch.id, self.index, self.path)
        self._put_gate(session)

    def _put_gate(self, session: Session) -> None:
        session.flush()
        if self.gate:
            place_gates(session, {self.leaf.digest: self.gate})

    def add(self, session: Session) -> None:
        """Write a row for a document that has none."""
        batch = self.batch
        transaction = session.get(TransactionRow, batch.transaction_id) if batch.transaction_id else None
        mined_at = transaction.block_time if transaction else None
        row = document_row(self.leaf, mined_at or batch.created_at)
        place(row, batch.id, self.index, self.path)
        session.add(row)
        self._put_gate(session)


def compare(session: Session, batch: BatchRow, rows: Sequence[Any], leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """Compare the documents of a batch (`rows` with COLUMNS) with the leaves of its manifest."""
    paths = merkle.inclusion_paths([leaf.digest for leaf in leaves])
    gates: dict[int, Gate] = {
        index - 1: (leaf.digest, path)
        for index, (leaf, path) in enumerate(zip(leaves, paths, strict=True))
        if leaf.leaf_type == LeafType.GATE
    }
    places = {
        leaf.digest: _Place(batch, leaf, index, path, gates.get(index))
        for index, (leaf, path) in enumerate(zip(leaves, paths, strict=True))
        if leaf.leaf_type == LeafType.ENVELOPE
    }
    for found in rows:
        at = places.pop(found.digest, None)
        if at is None:
            row = session.get_one(DocumentRow, found.number)
            detail = f"it is in batch {batch.id}, whose manifest does not name it"
            yield Finding("leaf.foreign", f"document {row.digest.hex()}", detail, _BACKUP, (row, batch))
        elif fault := at.fault(found):
            row, gate = session.get_one(DocumentRow, found.number), session.get(GateStatementRow, found.number)
            # One that the manifest does not have was never anchored: nothing can put it there.
            repair = _put(at, row.number) if at.gate or not gate else None
            seen = (row, batch, gate) if gate else (row, batch)
            where = f"document {row.digest.hex()}"
            yield Finding(fault[0], where, fault[1], "" if repair else _BACKUP, seen, repair)
    for at in places.values():
        yield _elsewhere(session, at)


def _elsewhere(session: Session, at: _Place) -> Finding:
    """Say where the document of a leaf is that the batch does not have."""
    where, batch = f"document {at.leaf.digest.hex()}", at.batch
    row = session.scalar(select(DocumentRow).where(DocumentRow.digest == at.leaf.digest))
    if row is None:
        return Finding("leaf.lost", where, f"leaf {at.index} of batch {batch.id} has no row", "", (batch,), at.add)
    if row.batch_id is not None:
        detail = f"it is a leaf of batch {row.batch_id} and stands in the manifest of batch {batch.id} too"
        return Finding("document.anchored-twice", where, detail, "nothing can undo it; either proof holds", (row,))
    detail = f"it is leaf {at.index} of batch {batch.id}, and its row has no batch"
    if row.payload_cid != str(at.leaf.payload_cid):
        return Finding("leaf.unplaced", where, detail + " and another payload", _BACKUP, (row, batch))
    return Finding("leaf.unplaced", where, detail, "", (row, batch), _put(at, row.number))


def _put(at: _Place, number: int) -> Any:
    return lambda session: at.put(number, session)
