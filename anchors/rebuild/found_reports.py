"""The rows of an anchored batch of reports, from its manifest alone. What they say is with those who hold them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.database.models import ReportRow
from anchors.manifest import Leaf

_PART = 1_000


def take_in_reports(session: Session, batch: int, leaves: Sequence[Leaf], anchored_at: int) -> list[bytes]:
    """Write the rows of a batch's reports; return digests placed elsewhere. Doing it again does nothing."""
    digests = [leaf.digest for leaf in leaves]
    known, elsewhere = _known(session, digests), []
    for index, (leaf, path) in enumerate(zip(leaves, merkle.inclusion_paths(digests), strict=True)):
        row = known.get(leaf.digest)
        if row is not None and row.batch_id not in (None, batch):
            elsewhere.append(leaf.digest)
            continue
        if row is None:
            row = report_row(leaf, anchored_at)
            session.add(row)
        place_report(row, batch, index, path)
    session.flush()
    return elsewhere


def report_row(leaf: Leaf, anchored_at: int) -> ReportRow:
    """Return what a manifest says of a report. It was taken before `anchored_at`, nobody knows when."""
    return ReportRow(digest=leaf.digest, authority=leaf.issuer, accepted_at=anchored_at)


def place_report(row: ReportRow, batch: int, index: int, path: Sequence[bytes]) -> None:
    """Make a report the leaf `index` of a batch."""
    row.batch_id, row.leaf_index, row.path = batch, index, b"".join(path)


def _known(session: Session, digests: Sequence[bytes]) -> dict[bytes, ReportRow]:
    found: dict[bytes, ReportRow] = {}
    for start in range(0, len(digests), _PART):
        query = select(ReportRow).where(ReportRow.digest.in_(digests[start : start + _PART]))
        found |= {row.digest: row for row in session.scalars(query)}
    return found
