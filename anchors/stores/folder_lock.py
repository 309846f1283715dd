"""Who uses a store's folder: each open store holds a shared lock, so that one that is alone can tell."""

import fcntl
import os
import weakref
from collections.abc import Callable
from pathlib import Path


class FolderLock:
    """Holds the shared lock on `file` until closed or forgotten. Raises OSError."""

    def __init__(self, file: Path, when_alone: Callable[[], None]) -> None:
        """Call `when_alone` first, if nobody else has the folder open."""
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self.close = weakref.finalize(self, os.close, handle)
        if _lock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB):
            when_alone()
        _lock(handle, fcntl.LOCK_SH)


def _lock(handle: int, operation: int) -> bool:
    try:
        fcntl.flock(handle, operation)
    except BlockingIOError:
        return False
    return True
