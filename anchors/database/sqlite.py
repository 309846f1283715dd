"""SQLite as we use it: one file, one writer at a time, durable at each commit."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection

from ledger.errors import Unavailable
from ledger.write_ahead import write_ahead

_BUSY_MILLISECONDS = 30_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    # Where the library was built to write zeros over what is deleted (Debian): not over whole pages, of which each
    # sealed payload has some. Those are ciphertext.
    "PRAGMA secure_delete = FAST",
)
_WRITES = "portseal_writes"


def engines(url: URL) -> tuple[Engine, Engine]:
    """Return the engine for reading, and the one for writing, which takes the write lock at once."""
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine, engine.execution_options(**{_WRITES: True})


@contextmanager
def changing(writing: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be made anew while rows of others point to them."""
    with writing.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        # Nothing happens to this setting inside a transaction; and without it a table's end would be its rows'.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                _check_foreign_keys(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise Unavailable(
            "database.layout",
            f"rows of the table {broken[0]} would point to nothing in {broken[2]}; the layout stays as it was",
            mend="report it, with what `portseal fsck` says",
        )


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # None: the driver begins nothing by itself, `_begin` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    write_ahead(connection)


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail, not wait, when another one wrote in between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
