"""mined -> final: the chain's form of finality proof is held for the block."""

from collections.abc import Sequence

from sqlalchemy import select, update

from anchors import latencies
from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline.movement import move
from anchors.pipeline.resources import Resources
from ledger.chain import Chain
from ledger.failpoint import reached


def step(resources: Resources) -> int:
    """Finalize every mined transaction whose block has its proof, or a later one; return how many moved.

    A block that has left the chain before it was final gives its transactions back: they are sent again. Raises
    Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    return sum(_finalize(resources, transaction) for transaction in _mined(resources))


def _mined(resources: Resources) -> Sequence[TransactionRow]:
    query = select(TransactionRow).join(BatchRow, BatchRow.transaction_id == TransactionRow.id)
    query = query.where(BatchRow.state == State.MINED, TransactionRow.sender == resources.account.address)
    with resources.database.read() as session:
        return session.scalars(query.distinct()).all()


def _finalize(resources: Resources, transaction: TransactionRow) -> bool:
    chain, number = resources.chain, transaction.block_number or 0
    proof = resources.finality.proof_for(number)
    # The proof's block before the transaction's: what is proved cannot be replaced in between, the other can.
    is_proved = proof is not None and _holds(chain, proof.number, proof.block_hash)
    if not _holds(chain, number, transaction.block_hash):
        with resources.write(resources.account_work) as session:
            move(session, transaction.id, TransactionState.BROADCAST)
            reached("finalize.left.before")
        reached("finalize.left.after")
        return True
    if is_proved:
        _final(resources, transaction)
    return is_proved


def _holds(chain: Chain, number: int, block_hash: bytes | None) -> bool:
    block = chain.block(number)
    return block is not None and block.hash == block_hash


def _final(resources: Resources, transaction: TransactionRow) -> None:
    with resources.write(resources.account_work) as session:
        moved = select(BatchRow.id).where(BatchRow.transaction_id == transaction.id, BatchRow.state == State.MINED)
        batches = session.scalars(moved).all()
        session.execute(
            update(BatchRow).where(BatchRow.id.in_(batches)).values(state=State.FINAL, final_at=resources.now)
        )
        latencies.count(session, batches, resources.now)
        reached("finalize.commit.before")
    reached("finalize.commit.after")
