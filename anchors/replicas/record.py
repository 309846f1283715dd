"""What the database says of replicas: which store holds which payload or manifest, and how far works have come.

A bit is set only after the store's bytes were read back and hashed. A bit that is not set is all there is to say that
a store lacks something: whoever finds a replica missing or damaged takes its bit away, and it is filled in again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from anchors.cid import Cid
from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow, MarkRow, PayloadStoreRow
from ledger.errors import Invalid, Unavailable

_MOST_STORES = 62  # bits of a signed integer of 64, with one to spare


@dataclass(frozen=True)
class Kept:
    """One payload or manifest. held: bits of the stores that are known to hold it.

    is_waiting: it is still in the database. is_kept: stores must hold it, so it has not failed before.
    """

    number: int
    cid: Cid
    held: int
    is_waiting: bool
    is_kept: bool


@dataclass(frozen=True)
class Listing:
    """One sort of things that are kept, as the database lists them."""

    name: str
    table: Any
    number: InstrumentedAttribute[int]
    cid: InstrumentedAttribute[str]
    held: InstrumentedAttribute[int]
    state: InstrumentedAttribute[str]

    def page(self, session: Session, after: int, limit: int) -> list[Kept]:
        """Return those with the next higher numbers."""
        query = select(self.number, self.cid, self.held, self.state).where(self.number > after)
        rows = session.execute(query.order_by(self.number).limit(limit))
        return [
            Kept(number, Cid.parse(cid), held, state == State.ACCEPTED, held != 0 or state in _STORED)
            for number, cid, held, state in rows
        ]

    def last(self, session: Session) -> int:
        """Return the highest number, 0 if there is nothing."""
        return session.scalar(select(func.max(self.number))) or 0

    def add(self, session: Session, held: Mapping[int, int]) -> None:
        """Note that each number is held by the stores of its bits too."""
        for mask, numbers in by_stores(held).items():
            changed = update(self.table).where(self.number.in_(numbers))
            session.execute(changed.values({self.held: self.held.bitwise_or(mask)}))

    def take_away(self, session: Session, numbers: Sequence[int], mask: int) -> None:
        """Note that the stores of `mask` do not hold these, so that they are filled in again."""
        changed = update(self.table).where(self.number.in_(list(numbers)))
        session.execute(changed.values({self.held: self.held.bitwise_and(~mask)}))
        for bit in range(mask.bit_length()):
            if mask >> bit & 1:
                lower(session, self.filled(bit), min(numbers) - 1)

    def filled(self, bit: int) -> str:
        """Return the name of the mark up to which a store holds everything, or it was said that it cannot."""
        return f"filled {self.name} {bit}"


# From `batched` on the document's row does not change its state; manifests are stored before their batch is known.
_STORED = frozenset(state.value for state in State) - {State.ACCEPTED, State.FAILED}

PAYLOADS = Listing(
    "payloads",
    DocumentRow,
    DocumentRow.number,
    DocumentRow.payload_cid,
    DocumentRow.replicas,
    DocumentRow.state,
)
MANIFESTS = Listing(
    "manifests", BatchRow, BatchRow.id, BatchRow.manifest_cid, BatchRow.manifest_replicas, BatchRow.state
)
LISTINGS = (PAYLOADS, MANIFESTS)


def by_stores(held: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the numbers for each combination of bits that occurs."""
    numbers: dict[int, list[int]] = {}
    for number, mask in held.items():
        numbers.setdefault(mask, []).append(number)
    return numbers


def bits_of(database: Database, names: Sequence[str]) -> dict[str, int]:
    """Return the bit of each store; one that was never heard of gets the next.

    Raises Invalid `stores.too-many`, Unavailable `database.*`.
    """
    try:
        return _bits_of(database, names)
    except Unavailable as error:
        if error.code != "database.conflict":
            raise
        return _bits_of(database, names)  # another process was first with one of them


def _bits_of(database: Database, names: Sequence[str]) -> dict[str, int]:
    with database.write() as session:
        bits = {row.name: row.bit for row in session.scalars(select(PayloadStoreRow))}
        for name in names:
            if name not in bits:
                bits[name] = max(bits.values(), default=-1) + 1
                session.add(PayloadStoreRow(bit=bits[name], name=name))
        if max(bits.values(), default=0) >= _MOST_STORES:
            raise Invalid("stores.too-many", f"more than {_MOST_STORES} stores had a name", mend="use an old name")
    return {name: bits[name] for name in names}


def mark_of(session: Session, name: str) -> MarkRow | None:
    """Return the mark, None where it was never set."""
    return session.get(MarkRow, name)


def place_of(session: Session, name: str) -> int:
    """Return where the mark is, 0 where it was never set."""
    row = mark_of(session, name)
    return row.number if row else 0


def set_mark(session: Session, name: str, number: int, now: int, was: int | None = None) -> None:
    """Set the mark; with `was` only if it is still there: somebody may have lowered it."""
    row = session.get(MarkRow, name, with_for_update=True)
    if row is None:
        session.add(MarkRow(name=name, number=number, moved_at=now))
    elif was is None or row.number == was:
        row.number, row.moved_at = number, now


def lower(session: Session, name: str, number: int) -> None:
    """Set the mark back to `number` if it is beyond."""
    changed = update(MarkRow).where(MarkRow.name == name, MarkRow.number > number)
    session.execute(changed.values(number=number))
