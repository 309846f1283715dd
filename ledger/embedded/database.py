"""The one SQLite file of the embedded chain: what py-evm stores, and our indices, one transaction per block."""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from ledger.embedded.committed_file import FAULTS, VERSION, CommittedFile, Row, connect, unreadable
from ledger.errors import Unavailable
from ledger.failpoint import reached

Statement = tuple[str, Sequence[Row]]

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


class Database(CommittedFile):
    """Readers see only committed blocks; the one writer commits a block as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path`; Unavailable `embedded.database` if it cannot be read."""
        with ExitStack() as opened:
            try:
                self._writer = opened.enter_context(closing(connect(path)))
                self._make_schema()
            except FAULTS as error:
                raise unreadable(error) from error
            super().__init__(path)
            opened.pop_all()
        self._writing = threading.Lock()
        self._commits = 0

    def _make_schema(self) -> None:
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if version == 0:
            self._writer.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")

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
        """Close the file; SQLite removes the log when the last connection goes, and what is in it is copied before."""
        self.checkpoint()
        super().close()
        with self._writing:
            self._writer.close()
