"""A transaction that is not mined is signed again with the same nonce; any of its bytes may be the ones mined."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, ReplacedTransactionRow, TransactionRow
from anchors.pipeline.resources import Resources
from anchors.pipeline.sign import anchoring
from ledger.chain import Chain
from ledger.errors import Refused
from ledger.failpoint import reached
from ledger.fee import Fee, fee_in, fee_of
from ledger.transaction import Call, SignedTransaction, estimate_gas, sign

_LONGEST = 6
"""After so many replacements the pause before the next one grows no more: 64 times the first."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Signed:
    """New bytes; cost: what they may cost at most, in wei."""

    transaction: SignedTransaction
    fee: Fee
    cost: int


def is_stuck(resources: Resources, transaction: TransactionRow) -> bool:
    """Tell whether the account's next transaction stays unmined while the chain makes blocks.

    The blocks' own times tell: a node that lags, and a chain that stands still, make nothing stuck. Each replacement
    doubles the pause. Raises Unavailable `chain.*`, `database.*`.
    """
    signed_at, replaced = _signed_at(resources, transaction)
    since = signed_at + resources.limits.stuck_seconds * 2 ** min(replaced, _LONGEST)
    if resources.now < since:
        return False

    def waits(chain: Chain) -> bool | None:
        head = chain.head()
        return chain.nonce(transaction.sender) == transaction.nonce if head.timestamp >= since else None

    return bool(resources.witnesses.agreed(waits))


def replace_stuck(resources: Resources, transaction: TransactionRow) -> TransactionRow:
    """Return the transaction with a higher price; as it was, if that cannot be had: then the same bytes go again."""
    try:
        signed = _signed(resources, transaction, is_higher=True)
        if resources.chain.balance(transaction.sender) < signed.cost:
            raise Refused("chain.funds", f"the account cannot pay {signed.cost} wei for it", mend="fund the account")
    except Refused as error:
        _log.error("stuck transaction", transaction=transaction.hash.hex(), code=error.code, detail=error.detail)
        return transaction
    return _written(resources, transaction, signed)


def sign_anew(resources: Resources, transaction: TransactionRow) -> bool:
    """Sign it with gas and price as they are now; return whether that makes other bytes. For what no node has taken.

    Raises Refused `contract.*`, `chain.fee-ceiling`, Unavailable `chain.*`, `database.*`.
    """
    signed = _signed(resources, transaction, is_higher=False)
    if signed.transaction.hash == transaction.hash:
        return False
    _written(resources, transaction, signed)
    return True


def all_bytes(resources: Resources, transaction: TransactionRow) -> list[bytes]:
    """Return the hashes of everything that was signed for the transaction, the newest first."""
    query = select(ReplacedTransactionRow.hash).where(ReplacedTransactionRow.transaction_id == transaction.id)
    with resources.database.read() as session:
        older = session.scalars(query.order_by(ReplacedTransactionRow.replaced_at.desc())).all()
    return [transaction.hash, *older]


def older_bytes(resources: Resources, transaction: TransactionRow) -> Sequence[bytes]:
    """Return the raw transactions that were replaced, the newest first."""
    query = select(ReplacedTransactionRow.raw).where(ReplacedTransactionRow.transaction_id == transaction.id)
    with resources.database.read() as session:
        return session.scalars(query.order_by(ReplacedTransactionRow.gas_price.desc())).all()


def put_in_place(session: Session, transaction: int, digest: bytes, now: int) -> None:
    """Make the bytes with this hash the transaction's own; those that were are kept as replaced ones."""
    row = session.get_one(TransactionRow, transaction)
    if row.hash == digest:
        return
    mined = session.get_one(ReplacedTransactionRow, digest)
    raw, price = mined.raw, mined.gas_price
    session.delete(mined)
    _put(session, row, raw, digest, price, now)


def _signed(resources: Resources, transaction: TransactionRow, *, is_higher: bool) -> _Signed:
    chain, ceiling = resources.chain, resources.limits.gas_price_ceiling
    call = _call(resources, transaction)
    fee = fee_of(chain, ceiling)
    if is_higher:
        fee = fee.replacing(fee_in(transaction.raw), ceiling)
    gas = estimate_gas(chain, transaction.sender, call)
    nonce, chain_id = transaction.nonce, chain.chain_id
    return _Signed(
        sign(resources.account, call, nonce=nonce, chain_id=chain_id, gas=gas, fee=fee), fee, gas * fee.price
    )


def _call(resources: Resources, transaction: TransactionRow) -> Call:
    query = select(BatchRow).where(BatchRow.transaction_id == transaction.id).order_by(BatchRow.id)
    with resources.database.read() as session:
        batches: Sequence[BatchRow] = session.scalars(query).all()
    return anchoring(resources, batches) if batches else empty(resources)


def empty(resources: Resources) -> Call:
    """Return the call that does nothing but use a nonce: of the account itself."""
    return Call(resources.account.address, b"")


def _written(resources: Resources, transaction: TransactionRow, signed: _Signed) -> TransactionRow:
    new = signed.transaction
    with resources.write(resources.account_work) as session:
        row = session.get_one(TransactionRow, transaction.id)
        _put(session, row, new.raw, new.hash, signed.fee.price, resources.now)
        row.state, row.sent_at = TransactionState.SIGNED, None
        session.execute(update(BatchRow).where(BatchRow.transaction_id == row.id).values(state=State.SIGNED))
        reached("replacement.commit.before")
    reached("replacement.commit.after")
    _log.warning("transaction replaced", transaction=new.hash.hex(), nonce=new.nonce)
    return row


def _put(session: Session, row: TransactionRow, raw: bytes, digest: bytes, price: int, now: int) -> None:
    older = ReplacedTransactionRow(
        hash=row.hash, transaction_id=row.id, raw=row.raw, gas_price=row.gas_price, replaced_at=now
    )
    session.add(older)
    row.raw, row.hash, row.gas_price = raw, digest, price


def _signed_at(resources: Resources, transaction: TransactionRow) -> tuple[int, int]:
    """Return when it was signed last, and how often before."""
    query = select(func.max(ReplacedTransactionRow.replaced_at), func.count())
    with resources.database.read() as session:
        last, count = session.execute(query.where(ReplacedTransactionRow.transaction_id == transaction.id)).one()
    if last is None:
        return transaction.created_at, 0
    return last, count
