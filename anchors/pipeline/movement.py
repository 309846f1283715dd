"""Move a transaction and the batches that it anchors together."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline.place import Place
from anchors.pipeline.resources import Resources
from ledger.fee import Fee
from ledger.transaction import SignedTransaction


def unmined(resources: Resources) -> list[TransactionRow]:
    """Return the account's transactions that are signed and not mined, by nonce."""
    states = (TransactionState.SIGNED, TransactionState.BROADCAST)
    query = select(TransactionRow).where(
        TransactionRow.state.in_(states), TransactionRow.sender == resources.account.address
    )
    with resources.database.read() as session:
        return list(session.scalars(query.order_by(TransactionRow.nonce)))


def write_down(session: Session, signed: SignedTransaction, fee: Fee, now: int) -> TransactionRow:
    """Write a signed transaction before anybody is sent it."""
    row = TransactionRow(
        sender=signed.sender,
        nonce=signed.nonce,
        raw=signed.raw,
        hash=signed.hash,
        gas_price=fee.price,
        state=TransactionState.SIGNED,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


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
        session.execute(batches.values(state=State(state.value), final_at=None))


def give_back(session: Session, transaction: int) -> bool:
    """Set a transaction back whose block has left the chain: it is sent again. Return whether batches were final."""
    batches = select(BatchRow.id).where(BatchRow.transaction_id == transaction, BatchRow.state == State.FINAL)
    was_final = session.scalar(batches.limit(1)) is not None
    move(session, transaction, TransactionState.BROADCAST)
    session.get_one(TransactionRow, transaction).sent_at = None
    return was_final


def place_of(transaction: TransactionRow) -> Place | None:
    """Return the block that the transaction's state rests on."""
    if transaction.block_number is None or transaction.block_hash is None or transaction.block_time is None:
        return None
    return Place(transaction.block_number, transaction.block_hash, transaction.block_time)
