"""mined -> final: the chain's form of finality proof is held for the block."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select, update

from anchors import latencies
from anchors.database import State
from anchors.database.models import BatchRow, TransactionRow
from anchors.finality import FinalityProof
from anchors.pipeline.movement import give_back, place_of
from anchors.pipeline.place import Place
from anchors.pipeline.resources import Resources
from anchors.replaced_proofs import set_aside
from ledger.failpoint import reached

_log = structlog.get_logger(__name__)


def step(resources: Resources) -> int:
    """Finalize every mined transaction whose block has its proof, or a later one; return how many moved.

    A block that has left the chain before it was final gives its transactions back: they are sent again. A proof whose
    block has left it counts no more. Where there are several nodes, two must say so. Raises Unavailable `chain.*`,
    `database.*`.
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
    place = place_of(transaction)
    if place is None:
        return False
    proof = resources.finality.proof_for(place.number)
    # The proof's block before the transaction's: what is proved cannot be replaced in between, the other can.
    proved = resources.witnesses.agreed(_place(proof).standing()) if proof else None
    standing = resources.witnesses.agreed(place.standing())
    if proof is not None and proved is False:
        _set_aside(resources, proof)
    if standing is False:
        _give_back(resources, transaction, place)
    elif standing and proved:
        _final(resources, transaction)
    return bool(proved and standing) or standing is False


def _place(proof: FinalityProof) -> Place:
    return Place(proof.number, proof.block_hash, proof.time)


def _set_aside(resources: Resources, proof: FinalityProof) -> None:
    with resources.write(resources.account_work) as session:
        set_aside(session, proof.number, proof.block_hash, resources.now)
    _log.error("proved block left the chain", block=proof.number, detail=str(_place(proof)))


def _give_back(resources: Resources, transaction: TransactionRow, place: Place) -> None:
    with resources.write(resources.account_work) as session:
        give_back(session, transaction.id)
        reached("finalize.left.before")
    _log.warning("block left the chain", block=place.number, detail=str(place))
    reached("finalize.left.after")


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
