"""What a database's fault means: our codes, each with what to do, and nothing of the address or of the rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from ledger.errors import Unavailable

_OTHER = "database.unavailable"
_FAULTS = {
    "database.conflict": ("another writer was first", "try again"),
    "database.busy": (
        "the database is locked, or too slow",
        "try again; look for long transactions of others, and at the load of its machine",
    ),
    "database.full": ("the database's disk is full", "free space on it; what was accepted before is kept"),
    "database.connections": (
        "the server takes no more connections",
        "raise its max_connections, or run fewer processes of the node",
    ),
    "database.lost": (
        "the database is out of reach",
        "check that it runs and that its address in PORTSEAL_DATABASE is right; the node goes on by itself",
    ),
    "database.access": (
        "the database does not let us in",
        "check user, password, database name and rights of PORTSEAL_DATABASE",
    ),
    _OTHER: (
        "the database does not do what it should",
        "look at the disk, the file's rights and other processes that use it; then try again",
    ),
}
_BY_SQLSTATE = {  # of PostgreSQL, the longest beginning that fits; https://www.postgresql.org/docs/15/errcodes-appendix.html
    "23": "database.conflict",
    "40001": "database.conflict",
    "40P01": "database.conflict",
    "55P03": "database.busy",
    "57014": "database.busy",
    "53100": "database.full",
    "53300": "database.connections",
    "08": "database.lost",
    "57P": "database.lost",
    "25P03": "database.lost",
    "25P04": "database.lost",
    "25006": "database.access",
    "28": "database.access",
    "3D000": "database.access",
    "42501": "database.access",
}
_BY_SQLITE = {
    sqlite3.SQLITE_BUSY: "database.busy",
    sqlite3.SQLITE_LOCKED: "database.busy",
    sqlite3.SQLITE_FULL: "database.full",
    sqlite3.SQLITE_READONLY: "database.access",
    sqlite3.SQLITE_PERM: "database.access",
    sqlite3.SQLITE_CANTOPEN: "database.access",
}
# A connection that fails brings no SQLSTATE, only the server's sentence, and that only in its own language.
_BY_SENTENCE = (
    ("too many clients", "database.connections"),
    ("too many connections", "database.connections"),
    ("connection slots", "database.connections"),
    ("authentication failed", "database.access"),
    ("no pg_hba.conf entry", "database.access"),
    ("does not exist", "database.access"),
    ("permission denied", "database.access"),
    ("no password supplied", "database.access"),
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise Unavailable `database.*` for what SQLAlchemy and the drivers raise."""
    try:
        yield
    except PoolTimeoutError:
        raise _fault("database.busy", "no connection of this process became free") from None
    except DBAPIError as error:
        code = _code(error)
        raise _fault(code, _words(error.orig) or (type(error.orig).__name__ if code == _OTHER else "")) from None
    except SQLAlchemyError as error:
        raise _fault(_OTHER, type(error).__name__) from None


def _fault(code: str, words: str) -> Unavailable:
    detail, mend = _FAULTS[code]
    return Unavailable(code, f"{detail} ({words})" if words else detail, mend=mend)


def _code(error: DBAPIError) -> str:
    if isinstance(error, IntegrityError):
        return "database.conflict"
    cause = error.orig
    if number := getattr(cause, "sqlite_errorcode", 0):
        return _BY_SQLITE.get(number & 0xFF, _OTHER)
    if state := getattr(cause, "sqlstate", None):
        return next((_BY_SQLSTATE[state[:n]] for n in (5, 3, 2) if state[:n] in _BY_SQLSTATE), _OTHER)
    return _without_state(error)


def _without_state(error: DBAPIError) -> str:
    said = str(error.orig)
    for words, code in _BY_SENTENCE:
        if words in said:
            return code
    is_connecting = getattr(error.orig, "pgconn", None) is not None
    return "database.lost" if error.connection_invalidated or is_connecting else _OTHER


def _words(cause: BaseException | None) -> str:
    """Return the driver's own words where they name no row and no address; SQLAlchemy's hold the parameters."""
    if isinstance(cause, sqlite3.Error):
        return str(cause)
    said = getattr(getattr(cause, "diag", None), "message_primary", None)
    # An error of data quotes the value.
    is_quoting = str(getattr(cause, "sqlstate", "")).startswith("22")
    return said if said and not is_quoting else ""
