"""Which block lies where in which pack, in SQLite.

Only a memory of what the packs say: it may be behind, wrong or gone. A damaged file is replaced by an empty one, and
the store scans the packs that the index does not know.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from anchors.car import Section
from anchors.cid import Cid
from anchors.stores.fault import translated
from anchors.stores.pack import Pack
from ledger.write_ahead import write_ahead

_VERSION = 1
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS packs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS blocks (
    cid BLOB NOT NULL, pack INTEGER NOT NULL, place INTEGER NOT NULL, length INTEGER NOT NULL,
    PRIMARY KEY (cid, pack)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blocks_of_pack ON blocks (pack);
PRAGMA user_version = {_VERSION};
COMMIT;
"""
_PLACES = "SELECT packs.name, place, length FROM blocks JOIN packs ON packs.id = pack WHERE cid = ?"
# SQLITE_ERROR: a table or column that our statements name is not there, so the file is not ours.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)

T = TypeVar("T")


class PackIndex:
    """The index of one store; several processes may have it open. Raises Unavailable `store.*` throughout."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def packs(self) -> dict[str, int]:
        """Return the known packs: name to size in bytes."""
        return self._run(lambda db: dict(db.execute("SELECT name, size FROM packs").fetchall()))

    def places(self, cid: Cid) -> list[tuple[str, Section]]:
        """Return every place where the block should be: the pack's name, and where in it."""
        rows = self._run(lambda db: db.execute(_PLACES, (bytes(cid),)).fetchall())
        return [(name, Section(cid, place, length)) for name, place, length in rows]

    def record(self, pack: Pack) -> None:
        """Remember a pack, instead of what was known of that name."""
        self._run(lambda db: _record(db, pack))

    def forget(self, names: Iterable[str]) -> None:
        """Forget these packs."""
        gone = [(name,) for name in names]
        self._run(lambda db: _forget(db, gone))

    def close(self) -> None:
        """Close the file. The next question opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _run(self, action: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock, translated("using the store's index"):
            try:
                return self._transact(action)
            except sqlite3.DatabaseError as error:
                # Extended codes hold the primary one in their low byte.
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                    raise
            self._discard()
            return self._transact(action)

    def _transact(self, action: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            self._connection = self._open()
        with self._connection as transaction:
            return action(transaction)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=30.0, check_same_thread=False)
        try:
            write_ahead(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            if connection.execute("PRAGMA user_version").fetchone() != (_VERSION,):
                connection.executescript(_SCHEMA)
        except BaseException:
            connection.close()
            raise
        return connection

    def _discard(self) -> None:
        self.close()
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)


def _record(db: sqlite3.Connection, pack: Pack) -> None:
    _forget(db, [(pack.name,)])
    row = db.execute("INSERT INTO packs (name, size) VALUES (?, ?)", (pack.name, pack.size))
    places = ((bytes(at.cid), row.lastrowid, at.offset, at.length) for at in pack.sections)
    db.executemany("INSERT OR IGNORE INTO blocks VALUES (?, ?, ?, ?)", places)


def _forget(db: sqlite3.Connection, names: list[tuple[str]]) -> None:
    db.executemany("DELETE FROM blocks WHERE pack IN (SELECT id FROM packs WHERE name = ?)", names)
    db.executemany("DELETE FROM packs WHERE name = ?", names)
