"""Accepted-to-final seconds by lane: counted in the transaction that makes a batch final, so each document once."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import DocumentRow, LatencyRow
from anchors.lane import Lane

BOUNDS = (1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400)
"""Upper bounds of the classes, in seconds; both times are whole seconds."""

_BEYOND = 0


@dataclass(frozen=True)
class Latency:
    """The documents of one lane: how many in each class of BOUNDS, how many beyond, and the sum of their seconds."""

    counts: Sequence[int]
    beyond: int
    seconds: int


def count(session: Session, batches: Sequence[int], final_at: int) -> None:
    """Add the documents of batches that become final now. A batch that becomes final again is counted again."""
    query = select(DocumentRow.lane, DocumentRow.accepted_at, func.count()).where(DocumentRow.batch_id.in_(batches))
    added: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for lane, accepted_at, documents in session.execute(query.group_by(DocumentRow.lane, DocumentRow.accepted_at)):
        seconds = max(0, final_at - accepted_at)
        place = bisect_left(BOUNDS, seconds)
        entry = added[lane, BOUNDS[place] if place < len(BOUNDS) else _BEYOND]
        entry[0] += documents
        entry[1] += documents * seconds
    for (lane, at_most), (documents, seconds) in added.items():
        row = session.get(LatencyRow, (lane, at_most), with_for_update=True)
        if row is None:
            row = LatencyRow(lane=lane, at_most=at_most, count=0, seconds=0)
            session.add(row)
        row.count += documents
        row.seconds += seconds


def read(database: Database) -> Mapping[Lane, Latency]:
    """Return what was counted since the table was made. Raises Unavailable `database.*`."""
    with database.read() as session:
        rows = session.scalars(select(LatencyRow)).all()
    return {lane: _latency([row for row in rows if row.lane == lane]) for lane in Lane}


def _latency(rows: Sequence[LatencyRow]) -> Latency:
    counts = {row.at_most: row.count for row in rows}
    return Latency([counts.get(bound, 0) for bound in BOUNDS], counts.get(_BEYOND, 0), sum(row.seconds for row in rows))
