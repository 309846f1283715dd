"""accepted -> batched, for reports: batches of their own, which go on to the chain as those of documents do."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from anchors import merkle
from anchors.database.models import BatchRow, ReportRow
from anchors.lane import Lane
from anchors.manifest import Leaf, LeafType
from anchors.pipeline.batch import WORK, batch_of, unsigned
from anchors.pipeline.resources import Resources
from ledger.errors import Unavailable
from ledger.failpoint import reached

LANE = Lane.BULK
"""Goods wait for documents, and nobody waits for a report: their batches are signed after all others."""


@dataclass(frozen=True)
class _Waiting:
    number: int
    digest: bytes
    authority: str

    @property
    def leaf(self) -> Leaf:
        return Leaf(self.digest, self.authority, None, LeafType.REPORT)


def step(resources: Resources) -> int:
    """Make one batch of the reports that wait, once it is time; return how many moved.

    The manifest is in the store before the database knows the batch. Raises Unavailable `store.*`, `database.*`.
    """
    if not resources.leases.hold(WORK):
        return 0
    reports = _due(resources)
    if not reports:
        return 0
    batch = batch_of(resources, [report.leaf for report in reports], LANE)
    with resources.write(WORK) as session:
        _record(session, batch, reports)
        reached("report.batch.before")
    reached("report.batch.after")
    return len(reports)


def _due(resources: Resources) -> Sequence[_Waiting]:
    limits, waits = resources.limits, ReportRow.batch_id.is_(None)
    with resources.database.read() as session:
        count, oldest = session.execute(select(func.count(), func.min(ReportRow.accepted_at)).where(waits)).one()
        is_full = count >= limits.batch_size
        has_waited = bool(count) and resources.clock() - oldest >= limits.patience(LANE)
        if not is_full and not (has_waited and unsigned(session) < limits.batches):
            return ()
        query = select(ReportRow.number, ReportRow.digest, ReportRow.authority).where(waits)
        rows = session.execute(query.order_by(ReportRow.number).limit(limits.batch_size))
        return [_Waiting(*row) for row in rows]


def _record(session: Session, batch: BatchRow, reports: Sequence[_Waiting]) -> None:
    session.add(batch)
    session.flush()
    paths = merkle.inclusion_paths([report.digest for report in reports])
    places = [
        {"of": report.number, "place": index, "siblings": b"".join(path)}
        for index, (report, path) in enumerate(zip(reports, paths, strict=True))
    ]
    placed = session.connection().execute(
        update(ReportRow)
        .where(ReportRow.number == bindparam("of"), ReportRow.batch_id.is_(None))
        .values(batch_id=batch.id, leaf_index=bindparam("place"), path=bindparam("siblings")),
        places,
    )
    if placed.rowcount != len(reports):
        raise Unavailable(
            "database.conflict", "another worker moved reports of this batch", mend="let one worker run at a time"
        )
