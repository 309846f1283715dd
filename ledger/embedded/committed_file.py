"""The embedded chain's SQLite file as everybody reads it: committed blocks only, whoever writes the next one."""

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.errors import Unavailable
from ledger.write_ahead import write_ahead

Row = tuple[Any, ...]

VERSION = 1
FAULTS = (sqlite3.Error, UnicodeDecodeError)  # the second where a damaged file spoils the message of the first


class CommittedFile:
    """Reads from any thread, in the owner's process or another one. Raises Unavailable `embedded.database`."""

    def __init__(self, path: Path) -> None:
        """Open the file, which must be there, in the layout of this edition."""
        self._reading = threading.Lock()
        try:
            # Read-only: one that could write would take the log away when it closes a file that is no more there.
            self._reader = _opened(f"{path.resolve().as_uri()}?mode=ro")
        except FAULTS as error:
            raise unreadable(error) from error
        try:
            self._check_version()
        except Unavailable:
            self._reader.close()
            raise

    def _check_version(self) -> None:
        [(version,)] = self.rows("PRAGMA user_version")
        if version != VERSION:
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

    def close(self) -> None:
        """Close the file."""
        with self._reading:
            self._reader.close()


def connect(path: Path) -> sqlite3.Connection:
    """Return the owner's connection, which may write. Raises sqlite3.Error."""
    connection = _opened(path.resolve().as_uri())
    try:
        write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        # SQLite's own checkpoints leave old frames in the log; ours always empty it (Database.checkpoint).
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=1.0)


def unreadable(error: Exception) -> Unavailable:
    """Return the error for a file that SQLite cannot read."""
    return Unavailable(
        "embedded.database",
        f"the database of the embedded chain cannot be read ({error})",
        mend="see what the system says of the disk; if the file is damaged, restore its directory from a backup",
    )
