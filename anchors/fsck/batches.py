"""A batch and the transaction that anchors it say the same."""

from collections.abc import Iterator

from sqlalchemy import select

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.fsck.finding import Finding, Repair, change
from anchors.fsck.scene import Scene

_ON_ITS_WAY = (State.SIGNED, State.BROADCAST, State.MINED, State.FINAL)
_FREE = {"state": State.BATCHED, "transaction_id": None, "final_at": None}


def check(scene: Scene) -> Iterator[Finding]:
    """The transaction counts: it is compared with the chain by itself (transactions.py)."""
    query = select(BatchRow.id, BatchRow, TransactionRow).outerjoin(
        TransactionRow, TransactionRow.id == BatchRow.transaction_id
    )
    for _, batch, transaction in scene.pages(query, BatchRow.id):
        yield from _compared(batch, transaction)


def _compared(batch: BatchRow, transaction: TransactionRow | None) -> Iterator[Finding]:
    if batch.state == State.BATCHED:
        if batch.transaction_id is not None:
            # Nobody but its transaction knows how far it is.
            yield _follow(batch, transaction)
    elif batch.state not in _ON_ITS_WAY:
        yield _finding("batch.state", batch, f"its state {batch.state!r} is none of a batch", transaction)
    elif transaction is None:
        detail = f"it reads {batch.state} and has no transaction"
        # Nothing that it was in is known here, and anchoring a batch twice does nothing.
        yield _finding("batch.no-transaction", batch, detail, None, change(batch, **_FREE))
    elif _state_by(transaction) != (State.MINED if batch.state == State.FINAL else batch.state):
        yield _follow(batch, transaction)
    if (batch.state == State.FINAL) != (batch.final_at is not None):
        detail = f"it reads {batch.state} and its time of finality is {batch.final_at}"
        yield _finding("batch.final-at", batch, detail, transaction, change(batch, state=State.MINED, final_at=None))


def _state_by(transaction: TransactionRow) -> State | None:
    if transaction.state in (TransactionState.DISPLACED, TransactionState.REVERTED):
        return State.BATCHED
    return State(transaction.state) if transaction.state in list(TransactionState) else None


def _follow(batch: BatchRow, transaction: TransactionRow | None) -> Finding:
    state = _state_by(transaction) if transaction else State.BATCHED
    detail = f"it reads {batch.state}, its transaction {transaction.state if transaction else 'is not there'}"
    if state is None:
        return _finding("batch.other-state", batch, detail, transaction)
    values = _FREE if state is State.BATCHED else {"state": state, "final_at": None}
    return _finding("batch.other-state", batch, detail, transaction, change(batch, **values))


def _finding(
    code: str, batch: BatchRow, detail: str, transaction: TransactionRow | None, repair: Repair | None = None
) -> Finding:
    mend = "restore the database from a backup, or rebuild it"
    seen = (batch, transaction) if transaction else (batch,)
    return Finding(code, f"batch {batch.id} {batch.root.hex()}", detail, mend, seen, repair)
