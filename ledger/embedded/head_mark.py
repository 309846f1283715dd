"""The newest block's hash, where every process of this machine sees it: who has read that block need not ask again.

A mapped file of 32 bytes. The owner writes it once a block is committed, and before anybody is told of the block. What
is read meanwhile may be half of each hash: then it is nobody's, and the reader asks.
"""

import mmap
import os
from pathlib import Path

from ledger.errors import Unavailable

SIZE = 32
NONE = bytes(SIZE)
"""Written when the chain is closed."""


def place(directory: Path) -> Path:
    """Return the file of the chain in `directory`."""
    return directory / "head"


class HeadMark:
    """The owner's end. The file is never replaced, since others have it mapped."""

    def __init__(self, directory: Path) -> None:
        """Make the file unless it is there. Raises Unavailable `embedded.disk`."""
        number = os.open(place(directory), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # Taken from the disk now: what is written into a hole of a mapped file on a full disk ends the process.
            os.posix_fallocate(number, 0, SIZE)
            self._bytes = mmap.mmap(number, SIZE)
        except OSError as error:
            raise Unavailable(
                "embedded.disk",
                f"the mark of the newest block could not be made ({error})",
                mend="make room on the disk, or see what the system says of it, and start again",
            ) from error
        finally:
            os.close(number)

    def write(self, block_hash: bytes) -> None:
        """Say which block is the newest one."""
        self._bytes[:] = block_hash


class SeenMark:
    """The mark as other processes see it. Raises OSError and ValueError if there is none to be mapped."""

    def __init__(self, directory: Path) -> None:
        with place(directory).open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), SIZE, access=mmap.ACCESS_READ)

    def read(self) -> bytes:
        """Return the hash of the newest block; of none when the chain was closed."""
        return self._bytes[:]
