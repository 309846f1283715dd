"""One process per directory: an advisory lock that the kernel lets go when the process dies."""

import fcntl
import os
from pathlib import Path

from ledger.errors import Unavailable


class DirectoryLock:
    """Held from construction until `release`."""

    def __init__(self, directory: Path) -> None:
        """Take the lock of `directory`; Unavailable `embedded.locked` if another process, or opener, holds it."""
        self._file = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise Unavailable(
                "embedded.locked",
                "another process has this embedded chain open",
                mend="stop that process, or reach its chain by JSON-RPC instead of opening the directory",
            ) from error

    def release(self) -> None:
        """Let the next one in."""
        os.close(self._file)
