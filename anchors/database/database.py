"""One database: short reading and writing transactions, on SQLite or PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from anchors.database import postgresql, sqlite
from anchors.database.fault import translated
from ledger.errors import Invalid

_SCHEMES = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "postgres": postgresql,
    "postgresql+psycopg": postgresql,
}


class Database:
    """A database by its address (`sqlite:///file`, `postgresql://user:password@host/name`); thread-safe.

    Transactions are short and whole: `with database.write() as session:` commits at the end of the block or
    leaves nothing. Rows may be read after the block. Raises Unavailable `database.conflict` when another writer was
    first where a constraint allows one, `database.busy` when a lock, a statement or a free connection took too long,
    `database.full`, `database.connections`, `database.lost`, `database.access`, and `database.unavailable` for the
    rest (anchors/database/fault.py).
    """

    def __init__(self, url: str) -> None:
        """Connect when first asked. Raises Invalid `database.address`, `database.driver`."""
        try:
            address = make_url(url)
            self._dialect = _SCHEMES[address.drivername]
        except (ArgumentError, KeyError):
            # Without the address: it may hold a password.
            raise Invalid(
                "database.address",
                "the database's address cannot be read",
                mend="give postgresql://USER:PASSWORD@HOST/NAME, special characters of the password percent-encoded",
            ) from None
        self.engine, self._writing = self._dialect.engines(address)
        # SQLite has one writer; queueing in the process is fair, its busy handler is not.
        self._one_writer = nullcontext() if self.has_many_writers else threading.Lock()

    @classmethod
    def at(cls, path: Path) -> "Database":
        """Return the SQLite database in the file `path`, whose folder must exist."""
        return cls(f"sqlite:///{path}")

    @property
    def has_many_writers(self) -> bool:
        """Whether several transactions may write at once (PostgreSQL), each with its own locks."""
        return bool(self.engine.dialect.name == "postgresql")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view, not to be written in."""
        with translated(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """The same for rows as they lie there: a session takes longer over them than SQLite does."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, queue: str = "") -> Iterator[Session]:
        """One transaction, durable when the block ends. On SQLite it holds the write lock from its start.

        queue: those who name the same one come one after the other, on PostgreSQL too.
        """
        session = Session(self._writing, expire_on_commit=False)
        with self._one_writer, translated(), session, session.begin():
            session.connection()
            if queue and self.has_many_writers:
                session.execute(postgresql.in_turn(queue))
            yield session

    @contextmanager
    def change_layout(self) -> Iterator[Connection]:
        """One transaction for a migration; processes that come at once wait for each other. Raises `database.layout`.

        What it leaves is checked before it is committed.
        """
        with self._one_writer, translated(), self._dialect.changing(self._writing) as connection:
            yield connection

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()
