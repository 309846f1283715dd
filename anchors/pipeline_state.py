"""How the pipeline stands: what waits where and since when, which transactions are out, which promises were broken."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.database import Database, State, TransactionState
from anchors.database.models import BatchRow, BreachRow, DocumentRow, LeaseRow, ReportRow, TransactionRow
from anchors.lane import Lane

_WAITING = (State.ACCEPTED, State.STORED)
_MOVING = (State.BATCHED, State.SIGNED, State.BROADCAST, State.MINED)
_UNMINED = (TransactionState.SIGNED, TransactionState.BROADCAST)


@dataclass(frozen=True)
class PipelineState:
    """A look at the database.

    waiting: documents by state and lane, from `accepted` to `mined`. oldest: for each lane with documents that are not
    batched, when the first of them was accepted. reports: that wait for a batch. unmined: transactions by state.
    next_nonce: for each account, the nonce after the highest that was signed. breaches: promises broken so far; open:
    of documents not anchored yet. leases: who does what.
    """

    waiting: Mapping[tuple[State, Lane], int]
    oldest: Mapping[Lane, int]
    reports: int
    unmined: Mapping[TransactionState, int]
    next_nonce: Mapping[str, int]
    breaches: int
    open_breaches: int
    leases: Mapping[str, str]


def look(database: Database) -> PipelineState:
    """Return how the pipeline stands now. Raises Unavailable `database.*`."""
    with database.read() as session:
        return PipelineState(
            waiting=_unbatched(session) | _batched(session),
            oldest=_oldest(session),
            reports=session.scalar(select(func.count()).where(ReportRow.batch_id.is_(None))) or 0,
            unmined=_unmined(session),
            next_nonce=_next_nonce(session),
            breaches=session.scalar(select(func.count()).select_from(BreachRow)) or 0,
            open_breaches=session.scalar(
                select(func.count()).select_from(BreachRow).where(BreachRow.anchored_at.is_(None))
            )
            or 0,
            leases={row.name: row.holder for row in session.scalars(select(LeaseRow))},
        )


def _unbatched(session: Session) -> dict[tuple[State, Lane], int]:
    query = select(DocumentRow.state, DocumentRow.lane, func.count()).where(DocumentRow.state.in_(_WAITING))
    found = {(State(row[0]), Lane(row[1])): row[2] for row in session.execute(query.group_by("state", "lane"))}
    return {(state, lane): found.get((state, lane), 0) for state in _WAITING for lane in Lane}


def _batched(session: Session) -> dict[tuple[State, Lane], int]:
    # Not by the size of the tree: a gate statement is a leaf too.
    query = select(BatchRow.state, BatchRow.lane, func.count(DocumentRow.number)).where(BatchRow.state.in_(_MOVING))
    query = query.join(DocumentRow, DocumentRow.batch_id == BatchRow.id).group_by(BatchRow.state, BatchRow.lane)
    found = {(State(row[0]), Lane(row[1])): row[2] for row in session.execute(query)}
    return {(state, lane): found.get((state, lane), 0) for state in _MOVING for lane in Lane}


def _oldest(session: Session) -> dict[Lane, int]:
    first = select(DocumentRow.lane, func.min(DocumentRow.number).label("number"))
    firsts = first.where(DocumentRow.state.in_(_WAITING)).group_by(DocumentRow.lane).subquery()
    query = select(DocumentRow.lane, DocumentRow.accepted_at).join(firsts, firsts.c.number == DocumentRow.number)
    return {Lane(row[0]): row[1] for row in session.execute(query)}


def _unmined(session: Session) -> dict[TransactionState, int]:
    query = select(TransactionRow.state, func.count()).where(TransactionRow.state.in_(_UNMINED))
    found = {row[0]: row[1] for row in session.execute(query.group_by(TransactionRow.state))}
    return {state: found.get(state, 0) for state in _UNMINED}


def _next_nonce(session: Session) -> dict[str, int]:
    query = select(TransactionRow.sender, func.max(TransactionRow.nonce) + 1).group_by(TransactionRow.sender)
    return {row[0]: row[1] for row in session.execute(query)}
