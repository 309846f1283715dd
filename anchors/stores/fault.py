"""What the operating system and SQLite say when a folder cannot keep or give bytes, as our errors."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.errors import Unavailable

# EFBIG: the limit of the process or of the file system; to the operator it is the same as a full disk.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn the faults inside the block into Unavailable `store.full` or `store.failed`."""
    try:
        yield
    except OSError as error:
        raise _fault(doing, error.errno in _FULL, error.strerror) from error
    except sqlite3.Error as error:
        raise _fault(doing, error.sqlite_errorcode == sqlite3.SQLITE_FULL, error.sqlite_errorname) from error


def _fault(doing: str, full: bool, reason: str | None) -> Unavailable:
    if full:
        return Unavailable("store.full", f"no space left while {doing}", mend="free space, then try again")
    detail = f"{reason or 'a fault'} while {doing}"
    return Unavailable("store.failed", detail, mend="check the disk and the rights on the store's folder")
