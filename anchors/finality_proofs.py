"""The proofs of finality that the node holds, and the blocks that its batches still need one for."""

import json
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select

from anchors.database import Database, State
from anchors.database.models import BatchRow, FinalityProofRow, TransactionRow
from anchors.finality import FinalityProof
from ledger.failpoint import reached

# Made once: every verification asks one of them.
_HELD = select(FinalityProofRow).where(FinalityProofRow.form == bindparam("form")).limit(1)
_AT_OR_AFTER = _HELD.where(FinalityProofRow.number >= bindparam("number")).order_by(FinalityProofRow.number)
_NEWEST = _HELD.order_by(FinalityProofRow.number.desc())
_UNTIL = _NEWEST.where(FinalityProofRow.time <= bindparam("until"))


class FinalityProofs:
    """Those of one form: a proof of another form is none. Every method raises Unavailable `database.*`."""

    def __init__(self, database: Database, form: str) -> None:
        self._database = database
        self._form = form

    def at_or_after(self, number: int) -> FinalityProof | None:
        """Return the proof of the lowest block from `number` on that has one."""
        return self._first(_AT_OR_AFTER, number=number)

    def newest(self, until: int | None = None) -> FinalityProof | None:
        """Return the proof of the highest block that has one, and whose time is not after `until` (None: any)."""
        return self._first(_NEWEST) if until is None else self._first(_UNTIL, until=until)

    def awaited(self) -> list[int]:
        """Return the blocks that our mined batches wait for, lowest first: those above every proof."""
        newest = select(func.max(FinalityProofRow.number)).where(FinalityProofRow.form == self._form)
        query = (
            select(TransactionRow.block_number)
            .join(BatchRow, BatchRow.transaction_id == TransactionRow.id)
            .where(BatchRow.state == State.MINED)
            .where(TransactionRow.block_number > func.coalesce(newest.scalar_subquery(), -1))
            .distinct()
            .order_by(TransactionRow.block_number)
        )
        with self._database.read() as session:
            return [number for number in session.scalars(query) if number is not None]

    def keep(self, proof: FinalityProof) -> None:
        """Keep a proof, in place of another one of the same number."""
        row = FinalityProofRow(
            number=proof.number,
            form=proof.form,
            block_hash=proof.block_hash,
            time=proof.time,
            content=json.dumps(proof.content),
        )
        with self._database.write() as session:
            session.merge(row)
            reached("proof.commit.before")
        reached("proof.commit.after")

    def _first(self, query: Select[FinalityProofRow], **values: int) -> FinalityProof | None:
        with self._database.look() as connection:
            row = connection.execute(query, {"form": self._form, **values}).first()
        return _proof(row.form, row.number, row.block_hash, row.time, row.content) if row else None


# All documents of a batch rest on one proof. It is shared; nobody changes the content of one.
@lru_cache(maxsize=64)
def _proof(form: str, number: int, block_hash: bytes, time: int, content: str) -> FinalityProof:
    return FinalityProof(form, number, block_hash, time, json.loads(content))
