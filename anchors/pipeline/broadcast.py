"""signed -> broadcast: the bytes that were written down go to the chain, and go again until they are mined."""

from anchors.database import TransactionState
from anchors.database.models import TransactionRow
from anchors.pipeline.movement import move, unmined
from anchors.pipeline.resources import Resources
from ledger.errors import Refused
from ledger.failpoint import reached


def step(resources: Resources) -> int:
    """Send what was never sent, and send again what stays unmined; return how many were sent the first time.

    Sending twice does nothing. Raises Refused `chain.*` (not for a nonce that is used: `confirm` finds out by whom),
    Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    due = [transaction for transaction in unmined(resources) if _is_due(transaction, resources)]
    for transaction in due:
        _send(resources, transaction)
    return sum(transaction.state == TransactionState.SIGNED for transaction in due)


def _is_due(transaction: TransactionRow, resources: Resources) -> bool:
    stale = max(resources.started_at, resources.clock() - resources.limits.resend_seconds)
    return transaction.sent_at is None or transaction.sent_at <= int(stale)


def _send(resources: Resources, transaction: TransactionRow) -> None:
    reached("broadcast.send.before")
    try:
        resources.chain.send(transaction.raw)
    except Refused as error:
        if error.code != "chain.nonce-taken":
            raise
    reached("broadcast.send.after")
    with resources.write(resources.account_work) as session:
        move(session, transaction.id, TransactionState.BROADCAST)
        session.get_one(TransactionRow, transaction.id).sent_at = resources.now
        reached("broadcast.commit.before")
    reached("broadcast.commit.after")
