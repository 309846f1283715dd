"""Looks again, for ever, whether what was mined is still on the chain: also what is final already.

The newest transactions every `sweep_seconds`, and in the same turn some older ones, on and on through all of them.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import ColumnElement, select

from anchors.database import TransactionState
from anchors.database.models import FinalityProofRow, MarkRow, TransactionRow
from anchors.pipeline.movement import give_back, place_of
from anchors.pipeline.place import Place
from anchors.pipeline.resources import Resources
from anchors.replaced_proofs import set_aside
from ledger.failpoint import reached

AT_ONCE = 64
"""Transactions that are looked at in one go, of the newest and of the old ones each."""

_MARK, _HEAD = "sweep", "head"
_SETTLED = (TransactionState.MINED, TransactionState.REVERTED, TransactionState.DISPLACED)

_log = structlog.get_logger(__name__)


def step(resources: Resources) -> int:
    """Give back every transaction whose block has left the chain, to be found elsewhere or sent again; return how many.

    As long as some of the newest have left it, the ones before them are looked at too. Where there are several nodes,
    two must say so; a node that only lags says nothing. Raises Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    with resources.database.read() as session:
        mark = session.get(MarkRow, _MARK)
    if mark is not None and resources.now < mark.moved_at + resources.limits.sweep_seconds:
        return 0
    _look_at_head(resources)
    left = _newest(resources)
    left += _older(resources, mark.number if mark else 0)
    return left


def _newest(resources: Resources) -> int:
    left, below = 0, None
    while True:
        before = () if below is None else (TransactionRow.id < below,)
        rows = _settled(resources, *before, newest=True)
        given = _look(resources, rows)
        left += given
        if not given or len(rows) < AT_ONCE:
            return left
        below = rows[-1].id


def _older(resources: Resources, after: int) -> int:
    rows = _settled(resources, TransactionRow.id > after, newest=False)
    left = _look(resources, rows)
    # From the end it begins again.
    _set_mark(resources, _MARK, rows[-1].id if len(rows) == AT_ONCE else 0)
    return left


def _settled(resources: Resources, *which: ColumnElement[bool], newest: bool) -> Sequence[TransactionRow]:
    query = select(TransactionRow).where(
        TransactionRow.sender == resources.account.address,
        TransactionRow.state.in_(_SETTLED),
        TransactionRow.block_number.is_not(None),
        *which,
    )
    order = TransactionRow.id.desc() if newest else TransactionRow.id
    with resources.database.read() as session:
        return session.scalars(query.order_by(order).limit(AT_ONCE)).all()


def _look(resources: Resources, rows: Sequence[TransactionRow]) -> int:
    places: dict[Place, list[TransactionRow]] = {}
    for row in rows:
        if place := place_of(row):
            places.setdefault(place, []).append(row)
    return sum(
        _give_back(resources, place, rows)
        for place, rows in places.items()
        if resources.witnesses.agreed(place.standing()) is False
    )


def _give_back(resources: Resources, place: Place, rows: Sequence[TransactionRow]) -> int:
    replaced = [proof for proof in _proofs(resources, place.number) if _has_left(resources, proof)]
    with resources.write(resources.account_work) as session:
        final = [give_back(session, row.id) for row in rows]
        for proof in replaced:
            set_aside(session, proof.number, proof.block_hash, resources.now)
        reached("sweep.left.before")
    reached("sweep.left.after")
    if any(final):
        _log.error("final block left the chain", block=place.number, detail=str(place), count=len(rows))
    else:
        _log.warning("block left the chain", block=place.number, detail=str(place), count=len(rows))
    return len(rows)


def _proofs(resources: Resources, number: int) -> Sequence[FinalityProofRow]:
    """Return the proofs that may have been of blocks after this one, the newest ones at least."""
    query = select(FinalityProofRow).where(FinalityProofRow.number >= number)
    with resources.database.read() as session:
        return session.scalars(query.order_by(FinalityProofRow.number.desc()).limit(AT_ONCE)).all()


def _has_left(resources: Resources, proof: FinalityProofRow) -> bool:
    place = Place(proof.number, proof.block_hash, proof.time)
    return resources.witnesses.agreed(place.standing()) is False


def _look_at_head(resources: Resources) -> None:
    number = resources.chain.head().number
    with resources.database.read() as session:
        seen = session.get(MarkRow, _HEAD)
    if seen is not None and number < seen.number:
        _log.warning("head went back", block=number, detail=f"from block {seen.number}")
    _set_mark(resources, _HEAD, number)


def _set_mark(resources: Resources, name: str, number: int) -> None:
    with resources.write(resources.account_work) as session:
        session.merge(MarkRow(name=name, number=number, moved_at=resources.now))
