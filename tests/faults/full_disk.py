"""A disk of its own that a test can fill to the last byte and empty again: a tmpfs, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest

_PIECE = 64 * 1024


class SmallDisk:
    """A file system at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._filler = path / "filler"

    def fill(self) -> None:
        """Write until not one byte more goes on it."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (_PIECE, 4096, 1):
                with pytest.raises(OSError, match="No space left on device"):
                    _write_for_ever(file, b"x" * size)

    def empty(self) -> None:
        """Remove what `fill` wrote."""
        self._filler.unlink()


def _write_for_ever(file: FileIO, piece: bytes) -> None:
    while True:
        file.write(piece)


@contextmanager
def small_disk(path: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Mount it at `path`, which is made. Skips where that is not permitted."""
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)
