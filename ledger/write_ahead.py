"""A SQLite file that keeps a write-ahead log: its readers go on while one writes."""

import sqlite3
import time

PATIENCE = 30.0
_PAUSE = 0.01


def write_ahead(connection: sqlite3.Connection, patience: float = PATIENCE) -> None:
    """Have a new file keep a write-ahead log; of one that does already, nothing is changed.

    patience: seconds to wait for others that open it. Raises sqlite3.Error.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # Two that change a new file at once would wait for each other, so SQLite waits for neither of them.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return
