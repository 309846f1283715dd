"""PostgreSQL as we use it: short transactions, bounded waits, durable at each commit.

Writing transactions are READ COMMITTED: what may not happen twice is held by constraints and by locked rows (leases,
claims), never by what was read before. Reading ones are REPEATABLE READ and read only: one view.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, func, select, text
from sqlalchemy.engine import URL

from ledger.errors import Invalid, Unavailable

OLDEST = 15

CONNECTIONS = 20
"""The most connections that one process opens; how many wait for one at once is not bounded."""

LOCK_SECONDS = 30
STATEMENT_SECONDS = 60
IDLE_SECONDS = 30
"""How long a transaction waits for a lock, how long a statement runs, and how long the server lets a transaction be
idle: then it ends the session, so that a process that stands still in the middle of one holds nobody up for longer."""

_DRIVER = "postgresql+psycopg"
_OPTIONS = {
    "lock_timeout": LOCK_SECONDS * 1000,
    "statement_timeout": STATEMENT_SECONDS * 1000,
    "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    # A machine that is gone says no goodbye; its locks are free when the server finds out.
    "tcp_keepalives_idle": 20,
    "tcp_keepalives_interval": 5,
    "tcp_keepalives_count": 4,
    "TimeZone": "UTC",
}
_CLIENT = {
    "application_name": "portseal",
    "client_encoding": "utf8",
    "connect_timeout": "10",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
}


def engines(url: URL) -> tuple[Engine, Engine]:
    """Return the engine for reading and the one for writing. Raises Invalid `database.driver`.

    What the address itself states (`?application_name=...`, `sslmode`, ...) counts before our own.
    """
    given = {name: value for name, value in _CLIENT.items() if name not in url.query}
    options = " ".join(f"-c {name}={value}" for name, value in _OPTIONS.items())
    try:
        engine = create_engine(
            url.set(drivername=_DRIVER),
            connect_args={**given, "options": f"{options} {url.query.get('options', '')}".strip()},
            pool_size=CONNECTIONS // 2,
            max_overflow=CONNECTIONS - CONNECTIONS // 2,
            pool_timeout=LOCK_SECONDS,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError:
        raise Invalid(
            "database.driver",
            "PostgreSQL is asked for, and its driver (psycopg 3) is not installed",
            mend="install Portseal with its extra: pip install -e '.[postgresql]' in its folder; or use SQLite",
        ) from None
    event.listen(engine, "connect", _check)
    reading = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return reading, engine.execution_options(isolation_level="READ COMMITTED")


@contextmanager
def changing(writing: Engine) -> Iterator[Connection]:
    """One transaction that changes the layout: one process at a time, for as long as it takes."""
    with writing.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(in_turn("layout"))
        yield connection


def in_turn(queue: str) -> Select[Any]:
    """Return the statement that waits for those in the same queue, and lets nobody else in before the commit."""
    number = int.from_bytes(sha256(f"portseal {queue}".encode()).digest()[:8], signed=True)
    return select(func.pg_advisory_xact_lock(number))


def _check(connection: Any, _record: Any) -> None:
    """Refuse a server that is not what we count on, and count on no setting of its own that may lose a commit."""
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise Unavailable(
            "database.version", f"the server is PostgreSQL {version}", mend=f"use PostgreSQL {OLDEST} or later"
        )
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise Unavailable(
            "database.encoding", f"the database's encoding is {encoding}", mend="create it with ENCODING 'UTF8'"
        )
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
    )
    connection.commit()
