"""The durable memory of a cosigner: what was signed for each height, written before a signature is given."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.checkpoint import Checkpoint
from ledger.durable_file import durable_transaction
from ledger.errors import Refused, Unavailable
from ledger.failpoint import reached

_TABLE = """
CREATE TABLE IF NOT EXISTS signed (
    authority TEXT NOT NULL,
    chain_id INTEGER NOT NULL,
    genesis_hash BLOB NOT NULL,
    number INTEGER NOT NULL,
    kid TEXT NOT NULL,
    claims BLOB NOT NULL,
    jws TEXT NOT NULL,
    PRIMARY KEY (authority, chain_id, genesis_hash, number, kid)
) WITHOUT ROWID
"""
_HEIGHT = "authority = ? AND chain_id = ? AND genesis_hash = ? AND number = ?"


class CosignerGuard:
    """A SQLite file; processes that use it at the same time wait for one another (at most 30 s)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def once(self, authority: str, checkpoint: Checkpoint, kid: str, sign: Callable[[], str]) -> str:
        """Return the statement signed for this checkpoint before, or sign and remember it.

        Raises Refused `cosigner.equivocation` if anything else was signed for this height, Unavailable
        `cosigner.guard`.
        """
        claims = checkpoint.signed
        height = (authority, checkpoint.chain_id, checkpoint.genesis_hash, checkpoint.number)
        with self._transaction() as database:
            query = f"SELECT kid, claims, jws FROM signed WHERE {_HEIGHT}"  # noqa: S608 (a constant)
            rows = database.execute(query, height).fetchall()
            if any(row[1] != claims for row in rows):
                raise _equivocation(authority, checkpoint.number)
            for row in rows:
                if row[0] == kid:
                    return str(row[2])
            jws = sign()
            database.execute("INSERT INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)", (*height, kid, claims, jws))
            reached("guard.commit.before")
        reached("guard.commit.after")
        return jws

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with durable_transaction(self._path) as database:
                database.execute(_TABLE)
                yield database
        except sqlite3.Error as error:
            detail = f"the guard file {self._path.name} cannot be used ({error})"
            raise Unavailable("cosigner.guard", detail, mend="check the file, its directory and the disk") from None


def _equivocation(authority: str, number: int) -> Refused:
    return Refused(
        "cosigner.equivocation",
        f"{authority} has signed another checkpoint for block {number}",
        mend="find out why the chain has two blocks of this height before anything else",
    )
