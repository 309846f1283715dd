"""The edge packs that this node made, each as its signed head and what it adds: nothing is ever changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from anchors.database import Database
from anchors.database.models import PackRow
from ledger.errors import Refused
from ledger.failpoint import reached


@dataclass(frozen=True, slots=True)
class MadePack:
    """hash: 32 bytes. head: signed text. proof, additions: as packs hold them. made_at: seconds since the epoch."""

    number: int
    hash: bytes
    head: str
    proof: bytes = field(repr=False)
    additions: bytes = field(repr=False)
    made_at: int


class Packs:
    """Every method raises Unavailable `database.*`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self) -> int:
        """Return the number of the newest pack; 0 while there is none."""
        with self._database.read() as session:
            return session.scalar(select(func.max(PackRow.number))) or 0

    def get(self, number: int) -> MadePack | None:
        """Return a pack."""
        with self._database.read() as session:
            row = session.get(PackRow, number)
            return _made(row) if row else None

    def between(self, after: int, number: int) -> Sequence[MadePack]:
        """Return the packs after one up to another, in order."""
        query = select(PackRow).where(PackRow.number > after, PackRow.number <= number).order_by(PackRow.number)
        with self._database.read() as session:
            return [_made(row) for row in session.scalars(query)]

    def add(self, pack: MadePack) -> None:
        """Keep the next pack. Raises Refused `pack.number` if another one was made meanwhile."""
        with self._database.write("packs") as session:
            newest = session.scalar(select(func.max(PackRow.number))) or 0
            if pack.number <= newest:
                detail = f"the newest pack has number {newest}, so that the next one cannot have number {pack.number}"
                raise Refused("pack.number", detail, mend="another pack was made meanwhile: make the next one after it")
            session.add(
                PackRow(
                    number=pack.number,
                    hash=pack.hash,
                    head=pack.head,
                    proof=pack.proof,
                    additions=pack.additions,
                    made_at=pack.made_at,
                )
            )
            session.flush()
            reached("pack.commit.before")
        reached("pack.commit.after")


def _made(row: PackRow) -> MadePack:
    return MadePack(row.number, row.hash, row.head, row.proof, row.additions, row.made_at)
