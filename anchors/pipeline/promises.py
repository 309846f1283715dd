"""What receipts promise, compared with what was done: a breach is noted once, and kept when it was mended."""

import structlog
from sqlalchemy import ColumnElement, Select, exists, select, update
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import BatchRow, BreachRow, DocumentRow, MarkRow, TransactionRow
from anchors.pipeline.resources import Resources
from ledger.failpoint import reached

INTERVAL = 5
"""Seconds between two looks."""

_log = structlog.get_logger(__name__)
_WORK = "promises"
_UNANCHORED = (State.BATCHED, State.SIGNED, State.BROADCAST)


def step(resources: Resources) -> int:
    """Note the promises that were broken, and when what was late was anchored after all; return how many.

    A document that failed with a stated reason breaks none. Raises Unavailable `database.*`, `pipeline.lease-lost`.
    """
    if not resources.leases.hold(_WORK) or not _is_time(resources):
        return 0
    with resources.write(_WORK) as session:
        seen = _mark(session, resources.now)
        looks = (_waiting(resources.now), _unanchored(resources.now), _anchored_late(seen))
        late = {row[0]: row[1] for look in looks for row in session.execute(look)}
        session.add_all(
            BreachRow(document_number=number, promised_at=promised, noticed_at=resources.now)
            for number, promised in late.items()
        )
        session.flush()
        _settle(session)
        reached("promise.commit.before")
    reached("promise.commit.after")
    if late:
        _log.error("promise broken", count=len(late))
    return len(late)


def _is_time(resources: Resources) -> bool:
    with resources.database.read() as session:
        mark = session.get(MarkRow, _WORK)
    return mark is None or resources.now >= mark.moved_at + INTERVAL


def _mark(session: Session, now: int) -> int:
    """Return since when batches became final that were not looked at yet, and set the mark to now."""
    mark = session.get(MarkRow, _WORK)
    if mark is None:
        mark = MarkRow(name=_WORK, number=0, moved_at=now)
        session.add(mark)
    since, mark.number, mark.moved_at = mark.number, now, now
    return since


def _waiting(now: int) -> Select[int, int]:
    """Documents in no batch whose time is over."""
    return select(DocumentRow.number, DocumentRow.promised_at).where(
        DocumentRow.state.in_((State.ACCEPTED, State.STORED)), DocumentRow.promised_at < now, _unnoticed()
    )


def _unanchored(now: int) -> Select[int, int]:
    """Documents in batches of no mined transaction whose time is over."""
    # By way of the batches that move: of all documents, most are final ones.
    return (
        select(DocumentRow.number, DocumentRow.promised_at)
        .join(BatchRow, BatchRow.id == DocumentRow.batch_id)
        .where(BatchRow.state.in_(_UNANCHORED), DocumentRow.promised_at < now, _unnoticed())
    )


def _anchored_late(since: int) -> Select[int, int]:
    """Documents that became final since the last look, in a block after the promised time."""
    return (
        select(DocumentRow.number, DocumentRow.promised_at)
        .join(BatchRow, BatchRow.id == DocumentRow.batch_id)
        .join(TransactionRow, TransactionRow.id == BatchRow.transaction_id)
        .where(BatchRow.final_at >= since, TransactionRow.block_time > DocumentRow.promised_at, _unnoticed())
    )


def _unnoticed() -> ColumnElement[bool]:
    return ~exists().where(BreachRow.document_number == DocumentRow.number)


def _settle(session: Session) -> None:
    """Enter the block's time for those that were anchored after all."""
    anchored_at = (
        select(TransactionRow.block_time)
        .join(BatchRow, BatchRow.transaction_id == TransactionRow.id)
        .join(DocumentRow, DocumentRow.batch_id == BatchRow.id)
        .where(DocumentRow.number == BreachRow.document_number, BatchRow.state == State.FINAL)
        .scalar_subquery()
    )
    session.execute(update(BreachRow).where(BreachRow.anchored_at.is_(None)).values(anchored_at=anchored_at))
