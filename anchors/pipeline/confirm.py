"""broadcast -> mined: what the chain says of each transaction, checked against the registry's state."""

from collections.abc import Sequence

from sqlalchemy import select

from anchors.database import TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline.movement import Place, move, unmined
from anchors.pipeline.resources import Resources
from ledger.errors import Unavailable
from ledger.failpoint import reached
from ledger.transaction_receipt import TransactionReceipt


def step(resources: Resources) -> int:
    """Look for every transaction that is not mined; return how many moved.

    One whose nonce another transaction has used, and one that failed, set their batches free to be signed again:
    anchoring a batch twice does nothing. Raises Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    waiting = unmined(resources)
    # Before the receipts: a transaction mined in between has a receipt, and is not taken for displaced.
    used = resources.chain.nonce(resources.account.address) if waiting else 0
    return sum(_confirm(resources, transaction, used) for transaction in waiting)


def _confirm(resources: Resources, transaction: TransactionRow, used: int) -> bool:
    receipt = resources.chain.receipt(transaction.hash)
    if receipt is not None:
        _mined(resources, transaction, receipt)
        return True
    if transaction.nonce < used:
        with resources.write(resources.account_work) as session:
            move(session, transaction.id, TransactionState.DISPLACED)
            reached("confirm.freed.before")
        reached("confirm.freed.after")
        return True
    return False


def _mined(resources: Resources, transaction: TransactionRow, receipt: TransactionReceipt) -> None:
    place = _place(resources, receipt)
    if receipt.succeeded:
        _check_anchored(resources, _batches(resources, transaction), place.number)
    state = TransactionState.MINED if receipt.succeeded else TransactionState.REVERTED
    with resources.write(resources.account_work) as session:
        move(session, transaction.id, state, place)
        reached("confirm.commit.before")
    reached("confirm.commit.after")


def _place(resources: Resources, receipt: TransactionReceipt) -> Place:
    block = resources.chain.block(receipt.block_number)
    if block is None or block.hash != receipt.block_hash:
        raise Unavailable(
            "chain.answer", "the transaction's receipt names a block that is not on the chain", mend="ask again"
        )
    return Place(block.number, block.hash, block.timestamp)


def _batches(resources: Resources, transaction: TransactionRow) -> Sequence[BatchRow]:
    with resources.database.read() as session:
        return session.scalars(select(BatchRow).where(BatchRow.transaction_id == transaction.id)).all()


def _check_anchored(resources: Resources, batches: Sequence[BatchRow], number: int) -> None:
    for batch in batches:
        if resources.documents.anchoring(batch.root, batch.size, batch.manifest_digest, at=number) is None:
            raise Unavailable(
                "chain.answer",
                "the transaction has succeeded and the registry does not hold the batch",
                mend="check the node and the contract addresses in the network file",
            )
