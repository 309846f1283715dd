"""The one SQLite file of the embedded chain: what py-evm stores, and our indices, one transaction per block."""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ledger.errors import Unavailable
from ledger.failpoint import reached
from ledger.write_ahead import write_ahead

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Row]]

VERSION = 1
FAULTS = (sqlite3.Error, UnicodeDecodeError)  # the second where a damaged file spoils the message of the first
CHECKPOINT_EVERY = 64  # commits between two copies of the write-ahead log into the main file

SCHEMA = """
CREATE TABLE entries (key BLOB PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE transactions (
    hash BLOB PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL, sender BLOB NOT NULL,
    contract BLOB, succeeded INTEGER NOT NULL, gas_used INTEGER NOT NULL, cumulative_gas INTEGER NOT NULL,
    first_log INTEGER NOT NULL, log_count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX transactions_by_block ON transactions (block, position);
CREATE TABLE logs (
    block INTEGER NOT NULL, log INTEGER NOT NULL, position INTEGER NOT NULL, transaction_hash BLOB NOT NULL,
    address BLOB NOT NULL, topics BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (block, log)
) WITHOUT ROWID;
CREATE TABLE log_terms (
    term INTEGER NOT NULL, block INTEGER NOT NULL, log INTEGER NOT NULL, PRIMARY KEY (term, block, log)
) WITHOUT ROWID;
"""


log = logging.getLogger(__name__)


def unreadable(error: Exception) -> Unavailable:
    """Return the error for a file that SQLite cannot read."""
    return Unavailable(
        "embedded.database",
        f"the database of the embedded chain cannot be read ({error})",
        mend="see what the system says of the disk; if the file is damaged, restore its directory from a backup",
    )


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
    write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    # SQLite's own checkpoints leave old frames in the log; ours always empty it (see `checkpoint`).
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection


class Database:
    """Readers see only committed blocks; the one writer commits a block as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path`; Unavailable `embedded.database` if it cannot be read."""
        try:
            self._writer = _connect(path)
            self._make_schema()
            self._reader = _connect(path)
            self._reader.execute("PRAGMA query_only = ON")
        except FAULTS as error:
            raise unreadable(error) from error
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._commits = 0

    def _make_schema(self) -> None:
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._writer.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        elif version != VERSION:
            raise Unavailable(
                "embedded.version",
                f"the chain's database has version {version}, this program reads version {VERSION}",
                mend="start the version of Portseal that wrote this directory",
            )

    def get(self, key: bytes) -> bytes | None:
        """Return what py-evm stored under `key`, None if nothing."""
        rows = self.rows("SELECT value FROM entries WHERE key = ?", (key,))
        return bytes(rows[0][0]) if rows else None

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return all rows of a SELECT over the committed blocks."""
        try:
            with self._reading:
                return self._reader.execute(query, parameters).fetchall()
        except FAULTS as error:
            raise unreadable(error) from error

    def commit(self, entries: Iterable[tuple[bytes, bytes]], statements: Iterable[Statement]) -> None:
        """Write one block: all of it on disk when this returns, nothing of it when this raises.

        Raises Unavailable `embedded.disk`.
        """
        try:
            with self._writing:
                self._commit(entries, statements)
        except sqlite3.Error as error:
            raise Unavailable(
                "embedded.disk",
                f"a block could not be written ({error}); the chain stands at the one before",
                mend="make room on the disk, or see what the system says of it; then it goes on by itself",
            ) from error
        reached("block.commit.after")
        self._commits += 1
        if self._commits % CHECKPOINT_EVERY == 0:
            self.checkpoint()

    def _commit(self, entries: Iterable[tuple[bytes, bytes]], statements: Iterable[Statement]) -> None:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            self._writer.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", entries)
            for statement, rows in statements:
                self._writer.executemany(statement, rows)
            reached("block.commit.before")
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    def checkpoint(self) -> None:
        """Copy the log into the main file and empty it, so that no old frame can ever cover a newer page."""
        try:
            with self._reading:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error:
            # The blocks are safe in the log, which grows until a later checkpoint succeeds.
            log.exception("the write-ahead log could not be copied")

    def close(self) -> None:
        """Close the file; SQLite copies and removes the log when the last connection goes."""
        with self._writing, self._reading:
            self._reader.close()
            self._writer.close()
