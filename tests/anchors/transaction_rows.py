"""The transactions of a node's database, and what may happen to them."""

from sqlalchemy import select, update

from anchors.database import State
from anchors.database.models import BatchRow, ReplacedTransactionRow, TransactionRow
from ledger.transaction import Call, SignedTransaction, sign
from tests.anchors.pipeline_node import PipelineNode
from tests.anchors.pipeline_wire import advance

LATER = 40
"""Seconds: more than what makes a transaction stuck."""


def rows(node: PipelineNode) -> list[TransactionRow]:
    with node.database.read() as session:
        return list(session.scalars(select(TransactionRow).order_by(TransactionRow.nonce)))


def signed(node: PipelineNode, count: int) -> list[bytes]:
    """Documents, each in a transaction of its own that waits."""
    digests = []
    for _ in range(count):
        digests += [one.digest for one in node.accept(node.registration())]
        advance(node, State.SIGNED)
    return digests


def lose(node: PipelineNode, row: TransactionRow) -> None:
    """Forget a transaction, as a table that lost a row has; its batch waits to be signed."""
    with node.database.write() as session:
        freed = update(BatchRow).where(BatchRow.transaction_id == row.id)
        session.execute(freed.values(state=State.BATCHED, transaction_id=None))
        session.delete(session.get_one(TransactionRow, row.id))


def pass_time(node: PipelineNode) -> None:
    """Let the chain make a block later than anything is patient for."""
    node.consortium.clock.advance(LATER)
    node.consortium.embedded.mine()


def replaced(node: PipelineNode) -> list[ReplacedTransactionRow]:
    with node.database.read() as session:
        return list(session.scalars(select(ReplacedTransactionRow)))


def other(node: PipelineNode, nonce: int) -> SignedTransaction:
    call = Call(node.resources.account.address, b"")
    return sign(node.resources.account, call, nonce=nonce, chain_id=node.chain.chain_id)


def use_nonce(node: PipelineNode, row: TransactionRow) -> None:
    """Let somebody else use the transaction's nonce, one block below the head."""
    node.consortium.chain.send(other(node, row.nonce).raw)
    node.consortium.embedded.mine()
    node.consortium.embedded.mine()
