"""Have what was rebuilt final again: proofs are gathered anew, for the blocks of every account that has anchored."""

from collections.abc import Sequence

from sqlalchemy import select, update

from anchors.database import Database, State
from anchors.database.models import BatchRow, TransactionRow
from anchors.finality import Finality
from ledger.chain import Chain


def prove(database: Database, chain: Chain, finality: Finality, now: int) -> int:
    """Gather the proofs that can be had now; return how many batches still wait for one: the node goes on with them.

    Raises Unavailable `chain.*`, `database.*`, Invalid `finality.*`.
    """
    finality.collect()
    waiting = 0
    for transaction in _mined(database):
        if _is_proved(chain, finality, transaction):
            _finalize(database, transaction, now)
        else:
            waiting += 1
    return waiting


def _mined(database: Database) -> Sequence[TransactionRow]:
    query = select(TransactionRow).join(BatchRow, BatchRow.transaction_id == TransactionRow.id)
    with database.read() as session:
        return session.scalars(query.where(BatchRow.state == State.MINED).distinct()).all()


def _is_proved(chain: Chain, finality: Finality, transaction: TransactionRow) -> bool:
    number = transaction.block_number or 0
    proof = finality.proof_for(number)
    # The proof's block before the transaction's: what is proved cannot leave in between.
    return (
        proof is not None
        and _holds(chain, proof.number, proof.block_hash)
        and _holds(chain, number, transaction.block_hash)
    )


def _holds(chain: Chain, number: int, block_hash: bytes | None) -> bool:
    block = chain.block(number)
    return block is not None and block.hash == block_hash


def _finalize(database: Database, transaction: TransactionRow, now: int) -> None:
    mined = update(BatchRow).where(BatchRow.transaction_id == transaction.id, BatchRow.state == State.MINED)
    with database.write() as session:
        session.execute(mined.values(state=State.FINAL, final_at=now))
