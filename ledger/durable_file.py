"""Transactions on a SQLite file of one's own that no crash and no power cut takes back."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 30.0


@contextmanager
def durable_transaction(
    path: Path, *, begin: str = "BEGIN IMMEDIATE", create: bool = True
) -> Iterator[sqlite3.Connection]:
    """One transaction, durable when the block ends; nothing of it if it ends by an error.

    Processes that use the file at the same time wait for one another, at most 30 s. create: make a file that is not
    there. Raises sqlite3.Error.
    """
    address = f"{path.resolve().as_uri()}?mode={'rwc' if create else 'rw'}"
    database = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
    try:
        # EXTRA: the commit outlives a power cut, too, because the directory is synced.
        database.execute("PRAGMA synchronous = EXTRA")
        database.execute(begin)
        yield database
        database.execute("COMMIT")
    finally:
        # Closing takes back what was not committed.
        database.close()
