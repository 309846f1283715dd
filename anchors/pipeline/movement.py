"""Move a transaction and the batches that it anchors together."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline.resources import Resources


@dataclass(frozen=True)
class Place:
    """Where a transaction was mined; `time` is the block's."""

    number: int
    hash: bytes
    time: int


def unmined(resources: Resources) -> list[TransactionRow]:
    """Return the account's transactions that are signed and not mined, by nonce."""
    states = (TransactionState.SIGNED, TransactionState.BROADCAST)
    query = select(TransactionRow).where(
        TransactionRow.state.in_(states), TransactionRow.sender == resources.account.address
    )
    with resources.database.read() as session:
        return list(session.scalars(query.order_by(TransactionRow.nonce)))


def move(session: Session, transaction: int, state: TransactionState, place: Place | None = None) -> None:
    """Set a transaction's state and place, and its batches' state with it.

    A transaction that anchors nothing (displaced, reverted) sets its batches free: they wait to be signed again.
    """
    row = session.get_one(TransactionRow, transaction)
    row.state = state
    row.block_number = place.number if place else None
    row.block_hash = place.hash if place else None
    row.block_time = place.time if place else None
    batches = update(BatchRow).where(BatchRow.transaction_id == transaction)
    if state in (TransactionState.DISPLACED, TransactionState.REVERTED):
        session.execute(batches.values(state=State.BATCHED, transaction_id=None))
    else:
        session.execute(batches.values(state=State(state.value)))
