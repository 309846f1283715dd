"""Each report waits, or stands where the manifest of its batch puts it, with the path that the tree gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.database.models import BatchRow, ReportRow
from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene
from anchors.manifest import Leaf, LeafType
from anchors.rebuild.found_reports import place_report, report_row

_BACKUP = "restore the database from a backup, or rebuild it"


def check(scene: Scene) -> Iterator[Finding]:
    """Of batch, leaf index and path a report has all or none; the batch's manifest is `leaves`' to compare."""
    for _, row in scene.pages(select(ReportRow.number, ReportRow), ReportRow.number):
        placed = row.batch_id is not None
        if placed != (row.leaf_index is not None) or placed != (row.path is not None):
            yield _finding("report.place", row.digest, "of batch, leaf index and path it has some and not all", row)


@dataclass(frozen=True)
class _Place:
    batch: BatchRow
    leaf: Leaf
    index: int
    path: tuple[bytes, ...]

    def fault(self, row: ReportRow) -> tuple[str, str] | None:
        """Return what is wrong with the row of this leaf."""
        if (row.leaf_index, row.path) != (self.index, b"".join(self.path)):
            return (
                "report.index",
                f"it stands at {row.leaf_index}, in the manifest at {self.index}, or has another path",
            )
        if row.authority != self.leaf.issuer:
            return "report.authority", f"the manifest says that {self.leaf.issuer} signed it, the row {row.authority}"
        return None

    def put(self, session: Session) -> None:
        """Write the row as the manifest has it, a new one where there is none."""
        row = session.scalar(select(ReportRow).where(ReportRow.digest == self.leaf.digest))
        if row is None:
            row = report_row(self.leaf, self.batch.created_at)
            session.add(row)
        row.authority = self.leaf.issuer
        place_report(row, self.batch.id, self.index, self.path)


def compare(session: Session, batch: BatchRow, leaves: Sequence[Leaf]) -> Iterator[Finding]:
    """Compare the reports of a batch with the leaves of its manifest."""
    # All of a manifest's leaves are reports, or none is: a batch of documents has no tree to be built here.
    named = [leaf for leaf in leaves if leaf.leaf_type == LeafType.REPORT]
    paths = merkle.inclusion_paths([leaf.digest for leaf in named])
    places = {
        leaf.digest: _Place(batch, leaf, index, path)
        for index, (leaf, path) in enumerate(zip(named, paths, strict=True))
    }
    for row in of_batch(session, batch):
        at = places.pop(row.digest, None)
        if at is None:
            detail = f"it is in batch {batch.id}, whose manifest does not name it"
            yield Finding("report.foreign", f"report {row.digest.hex()}", detail, _BACKUP, (row, batch))
        elif fault := at.fault(row):
            yield Finding(fault[0], f"report {row.digest.hex()}", fault[1], "", (row, batch), at.put)
    for at in places.values():
        yield _elsewhere(session, at)


def of_batch(session: Session, batch: BatchRow) -> Sequence[ReportRow]:
    """Return the reports of a batch in their order."""
    query = select(ReportRow).where(ReportRow.batch_id == batch.id)
    return session.scalars(query.order_by(ReportRow.leaf_index)).all()


def _elsewhere(session: Session, at: _Place) -> Finding:
    """Say where the report of a leaf is that the batch does not have."""
    where, batch = f"report {at.leaf.digest.hex()}", at.batch
    row = session.scalar(select(ReportRow).where(ReportRow.digest == at.leaf.digest))
    if row is None:
        return Finding("report.lost", where, f"leaf {at.index} of batch {batch.id} has no row", "", (batch,), at.put)
    if row.batch_id is not None:
        detail = f"it is a leaf of batch {row.batch_id} and stands in the manifest of batch {batch.id} too"
        return Finding("report.anchored-twice", where, detail, "nothing can undo it; either proof holds", (row,))
    detail = f"it is leaf {at.index} of batch {batch.id}, and its row has no batch"
    return Finding("report.unplaced", where, detail, "", (row, batch), at.put)


def _finding(code: str, digest: bytes, detail: str, row: ReportRow) -> Finding:
    return Finding(code, f"report {digest.hex()}", detail, _BACKUP, (row,))
