"""Whose turn it is: lanes by their weights, tenants in a lane in equal parts, each in the order of acceptance."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.database import State
from anchors.database.models import DocumentRow
from anchors.lane import Lane

WEIGHTS: Mapping[Lane, int] = {Lane.URGENT: 16, Lane.NORMAL: 4, Lane.BULK: 1}
"""What each lane gets while all wait. No lane stands still; what one does not need, the others get."""

K = TypeVar("K")


def next_numbers(session: Session, state: State, limit: int, *, claim: bool = False) -> list[int]:
    """Return the numbers of the documents in `state` that are next, at most `limit`; the urgent ones first.

    claim: lock their rows until the commit, and pass over those that another transaction has locked (PostgreSQL).
    """
    waiting = {lane: _waiting(session, state, lane) for lane in Lane}
    given = shares({lane: sum(tenants.values()) for lane, tenants in waiting.items()}, limit, WEIGHTS)
    return [number for lane in Lane for number in _of_lane(session, state, lane, waiting[lane], given[lane], claim)]


def next_of_lane(session: Session, state: State, lane: Lane, limit: int) -> list[int]:
    """Return the same of one lane."""
    return _of_lane(session, state, lane, _waiting(session, state, lane), limit)


def shares(waiting: Mapping[K, int], limit: int, weights: Mapping[K, int] | None = None) -> dict[K, int]:
    """Divide `limit` among those that wait: by weight, nobody more than it needs, and nothing left while one waits."""
    weight = {one: weights[one] if weights else 1 for one in waiting}
    given, left, heavy = dict.fromkeys(waiting, 0), limit, sum(weight.values())
    # Those that need the least come first: what they leave over is divided among the rest.
    for one in sorted(waiting, key=lambda one: waiting[one] / weight[one]):
        given[one] = min(waiting[one], -(-left * weight[one] // heavy))
        left -= given[one]
        heavy -= weight[one]
    return given


def _waiting(session: Session, state: State, lane: Lane) -> dict[str | None, int]:
    query = select(DocumentRow.tenant_id, func.count()).where(DocumentRow.state == state, DocumentRow.lane == lane)
    return {row[0]: row[1] for row in session.execute(query.group_by(DocumentRow.tenant_id))}


def _of_lane(
    session: Session, state: State, lane: Lane, waiting: Mapping[str | None, int], limit: int, claim: bool = False
) -> list[int]:
    numbers: list[int] = []
    for tenant, share in shares(waiting, limit).items():
        query = select(DocumentRow.number).where(
            DocumentRow.state == state, DocumentRow.lane == lane, DocumentRow.tenant_id == tenant
        )
        if claim:
            # "Key share": rows of other tables may go on pointing to a claimed one.
            query = query.with_for_update(skip_locked=True, key_share=True)
        if share:
            numbers += session.scalars(query.order_by(DocumentRow.number).limit(share))
    return sorted(numbers)
