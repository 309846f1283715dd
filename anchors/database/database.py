"""One database: short reading and writing transactions, and the one place that knows its dialect."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from ledger.errors import Unavailable

_BUSY_MILLISECONDS = 30_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
)


class Database:
    """A database by its SQLAlchemy address; thread-safe.

    Transactions are short and whole: `with database.write() as session:` commits at the end of the block or
    leaves nothing. Rows may be read after the block. Raises Unavailable `database.unavailable` when the database
    does not answer, is locked for 30 s, or its disk is full, and `database.conflict` when another writer was
    first where a constraint allows one.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writing = self.engine.execution_options(portseal_writes=True)
        # SQLite has one writer; queueing in the process is fair, its busy handler is not.
        self._one_writer = threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    def at(cls, path: Path) -> "Database":
        """Return the SQLite database in the file `path`, whose folder must exist."""
        return cls(f"sqlite:///{path}")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view; changes made in it are lost."""
        with _translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that holds the write lock from its start, and is durable when the block ends."""
        session = Session(self._writing, expire_on_commit=False)
        with self._one_writer, _translated(), session, session.begin():
            session.connection()
            yield session

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # None: the driver begins nothing by itself, `_begin_sqlite` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail, not wait, when another one wrote in between.
    writes = connection.get_execution_options().get("portseal_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Unavailable("database.conflict", f"another writer was first: {error.orig}", mend="try again") from None
    except SQLAlchemyError as error:
        # The driver's own words only: SQLAlchemy's hold the statement and its parameters.
        cause = error.orig if isinstance(error, DBAPIError) else type(error).__name__
        raise Unavailable(
            "database.unavailable",
            f"the database does not do what it should: {cause}",
            mend="look at the disk, the file's rights and other processes that use it; then try again",
        ) from None
