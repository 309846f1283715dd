"""signed -> broadcast: the bytes that were written down go to the chain, and go again until they are mined."""

import structlog

from anchors.database import TransactionState
from anchors.database.models import TransactionRow
from anchors.pipeline.movement import move, unmined
from anchors.pipeline.replacement import is_stuck, older_bytes, replace_stuck, sign_anew
from anchors.pipeline.resources import Resources
from ledger.errors import PortsealError
from ledger.failpoint import reached
from ledger.send_error import Remedy, remedy_of

_log = structlog.get_logger(__name__)


def step(resources: Resources) -> int:
    """Send what was never sent, and send again what stays unmined; return how many were sent the first time.

    Sending twice does nothing. What is stuck is replaced by better paid bytes first. One that no node takes holds up
    none of the others; its reason is raised when all were tried: Refused `chain.*` (not for a nonce that is used:
    `confirm` finds out by whom), Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    sent, refusals = 0, list[PortsealError]()
    for transaction in unmined(resources):
        if _is_due(transaction, resources):
            try:
                sent += _send(resources, transaction)
            except PortsealError as error:
                if remedy_of(error) is None:
                    raise
                refusals.append(error)
    if refusals:
        raise refusals[0]
    return sent


def _is_due(transaction: TransactionRow, resources: Resources) -> bool:
    stale = max(resources.started_at, resources.clock() - resources.limits.resend_seconds)
    return transaction.sent_at is None or transaction.sent_at <= int(stale)


def _send(resources: Resources, transaction: TransactionRow) -> bool:
    """Return whether it was sent for the first time. Raises why no node took it."""
    if transaction.sent_at is not None and is_stuck(resources, transaction):
        transaction = replace_stuck(resources, transaction)
    reached("broadcast.send.before")
    try:
        resources.witnesses.send(transaction.raw)
    except PortsealError as error:
        _refused(resources, transaction, error)
    reached("broadcast.send.after")
    with resources.write(resources.account_work) as session:
        move(session, transaction.id, TransactionState.BROADCAST)
        session.get_one(TransactionRow, transaction.id).sent_at = resources.now
        reached("broadcast.commit.before")
    reached("broadcast.commit.after")
    return transaction.state == TransactionState.SIGNED


def _refused(resources: Resources, transaction: TransactionRow, error: PortsealError) -> None:
    """Do what helps. Raises the error, unless the nonce is used (by whom `confirm` finds out) or older bytes do."""
    remedy = remedy_of(error)
    if remedy is Remedy.LOOK or _older_are_taken(resources, transaction):
        return
    if remedy is Remedy.RESIGN and sign_anew(resources, transaction):
        raise error
    if remedy is Remedy.ALARM:
        _log.error("transaction refused", transaction=transaction.hash.hex(), code=error.code, detail=error.detail)
    if remedy is not None:
        # It is tried again after the same pause as what was sent and is not mined.
        with resources.write(resources.account_work) as session:
            session.get_one(TransactionRow, transaction.id).sent_at = resources.now
    raise error


def _older_are_taken(resources: Resources, transaction: TransactionRow) -> bool:
    """Send what was replaced: a price that the account cannot pay by now must not hold up what costs less."""
    for raw in older_bytes(resources, transaction):
        try:
            resources.witnesses.send(raw)
        except PortsealError:
            continue
        return True
    return False
