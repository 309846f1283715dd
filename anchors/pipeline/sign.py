"""batched -> signed: one transaction for the batches that wait, written down before it is sent."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import BatchRow, DocumentRow, GateStatementRow, TransactionRow
from anchors.pipeline.coverage import Use, lost
from anchors.pipeline.movement import unmined, write_down
from anchors.pipeline.resources import Resources
from ledger.failpoint import reached
from ledger.fee import fee_of
from ledger.transaction import Call, estimate_gas, sign


def step(resources: Resources) -> int:
    """Sign one transaction; return how many batches moved. While enough of them wait to be mined, none is signed.

    A batch with a document whose coverage has ended is taken apart, its documents are stored ones again. Raises
    Refused `contract.*` if the chain would refuse the anchoring now, `chain.fee-ceiling`, Unavailable `chain.*`,
    `database.*`.
    """
    if not resources.leases.hold(resources.account_work) or len(unmined(resources)) >= resources.limits.in_flight:
        return 0
    batches = _waiting(resources)
    ended = _ended(resources, batches)
    if ended:
        _take_apart(resources, ended)
        return len(ended)
    if batches:
        _sign(resources, batches)
    return len(batches)


def _waiting(resources: Resources) -> Sequence[BatchRow]:
    query = select(BatchRow).where(BatchRow.state == State.BATCHED).order_by(BatchRow.lane, BatchRow.id)
    with resources.database.read() as session:
        return session.scalars(query.limit(resources.limits.batches)).all()


def _ended(resources: Resources, batches: Sequence[BatchRow]) -> list[int]:
    query = (
        select(BatchRow.id, DocumentRow.kid, DocumentRow.kind)
        .join(DocumentRow, DocumentRow.batch_id == BatchRow.id)
        .where(BatchRow.id.in_([batch.id for batch in batches]), DocumentRow.covered)
        .distinct()
    )
    uses: dict[int, set[Use]] = {}
    with resources.database.read() as session:
        for batch, kid, kind in session.execute(query):
            uses.setdefault(batch, set()).add((kid or "", kind or ""))
    ended = lost(resources.directory, set().union(*uses.values()), resources.now) if uses else {}
    return [batch for batch, found in uses.items() if found & ended.keys()]


def _take_apart(resources: Resources, batches: Sequence[int]) -> None:
    # Nothing of them was ever signed, so nothing of them can be on the chain.
    with resources.write(resources.account_work) as session:
        numbers = select(DocumentRow.number).where(DocumentRow.batch_id.in_(batches))
        session.execute(update(GateStatementRow).where(GateStatementRow.document_number.in_(numbers)).values(path=None))
        session.execute(
            update(DocumentRow)
            .where(DocumentRow.batch_id.in_(batches))
            .values(state=State.STORED, batch_id=None, leaf_index=None, path=None)
        )
        for batch in batches:
            session.delete(session.get_one(BatchRow, batch))
        reached("sign.apart.before")
    reached("sign.apart.after")


def anchoring(resources: Resources, batches: Sequence[BatchRow]) -> Call:
    """Return the call that anchors the batches."""
    return resources.documents.anchor_many([(one.root, one.size, one.manifest_digest) for one in batches])


def _sign(resources: Resources, batches: Sequence[BatchRow]) -> None:
    call = anchoring(resources, batches)
    gas = estimate_gas(resources.chain, resources.account.address, call)
    fee = fee_of(resources.chain, resources.limits.gas_price_ceiling)
    chain_id, chain_nonce = resources.chain.chain_id, resources.witnesses.nonce(resources.account.address)
    with resources.write(resources.account_work) as session:
        nonce = max(chain_nonce, _next_nonce(session, resources.account.address))
        signed = sign(resources.account, call, nonce=nonce, chain_id=chain_id, gas=gas, fee=fee)
        reached("sign.signed")
        row = write_down(session, signed, fee, resources.now)
        waiting = update(BatchRow).where(BatchRow.id.in_([one.id for one in batches]))
        session.execute(waiting.values(state=State.SIGNED, transaction_id=row.id))
        reached("sign.commit.before")
    reached("sign.commit.after")


def _next_nonce(session: Session, sender: str) -> int:
    # Every transaction in this table is sent until its nonce is used, so none leaves a gap; and whatever a node says,
    # none of these nonces is given away again.
    last = session.scalar(select(func.max(TransactionRow.nonce)).where(TransactionRow.sender == sender))
    return 0 if last is None else last + 1
