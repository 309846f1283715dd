"""What a check of the node finds."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from anchors.database.models import Base

Repair = Callable[[Session], None]
"""Mends what was found, in one database transaction."""


@dataclass(frozen=True)
class Finding:
    """One invariant that does not hold.

    code: stable, as errors have. where: the document, batch, transaction. mend: what to do. seen: the rows that it
    rests on, as they were; if one of them is another now, somebody has moved on and there is nothing to find. repair:
    only where there is one right way.
    """

    code: str
    where: str
    detail: str
    mend: str
    seen: tuple[Base, ...] = ()
    repair: Repair | None = field(default=None, repr=False)


def is_as_seen(finding: Finding, session: Session, *, for_update: bool = False) -> bool:
    """Tell whether every row that the finding rests on is still what it was."""
    return all(_is_same(session, row, for_update) for row in finding.seen)


def _is_same(session: Session, row: Base, for_update: bool) -> bool:
    state = inspect(row)
    now = session.get(type(row), state.identity, with_for_update=for_update or None, populate_existing=True)
    return now is not None and all(
        getattr(now, attribute.key) == getattr(row, attribute.key) for attribute in state.mapper.column_attrs
    )


def change(row: Base, **values: object) -> Repair:
    """Return the repair that gives a row these values."""

    def repair(session: Session) -> None:
        now = session.get_one(type(row), inspect(row).identity)
        for name, value in values.items():
            setattr(now, name, value)

    return repair
