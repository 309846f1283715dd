"""The highest block time ever seen, kept in a small file: a clock that is set back makes no old answer look new."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ledger.errors import Invalid, Unavailable

try:
    import fcntl
except ImportError:  # where there is none (Windows), two at once may lose some seconds to each other
    fcntl = None  # type: ignore[assignment]

_FORM = re.compile(rb"[0-9]{12}\n")


class SeenTime:
    """One number, seconds since the epoch, in 13 bytes: written in place in one go, never lowered."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> int:
        """Return what is kept; 0 where there is nothing yet. Raises Invalid `seen.form`, Unavailable `seen.file`."""
        try:
            return self._number(self.path.read_bytes())
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._fault(error) from None

    def keep(self, time: int) -> None:
        """Keep a time if it is higher than what is kept. Raises as `read`."""
        try:
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644), "r+b") as file:
                _lock(file)
                if time > self._number(file.read()):
                    file.seek(0)
                    file.write(b"%012d\n" % time)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise self._fault(error) from None

    def _number(self, data: bytes) -> int:
        # Empty: it was made, and the machine stopped before anything was written.
        if data and not _FORM.fullmatch(data):
            detail = f"{self.path.name} does not hold the highest time seen"
            raise Invalid("seen.form", detail, mend="check this device's clock; if it is right, remove the file")
        return int(data or b"0")

    def _fault(self, error: OSError) -> Unavailable:
        detail = f"the highest time seen cannot be kept in {self.path.name} ({error.strerror})"
        return Unavailable("seen.file", detail, mend="name a file that can be written: --seen FILE")


def _lock(file: BinaryIO) -> None:
    if fcntl is not None:
        # Some file systems have no locks.
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
