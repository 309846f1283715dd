"""Files that hold encrypted secrets: readable by their owner only, written whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from ledger.errors import Refused


def write_new(path: Path, content: bytes) -> None:
    """Write a new file with mode 0600, durable on return. Raises Refused `file.exists|unwritable`."""
    try:
        _write_new(path, content)
    except FileExistsError:
        detail = f"the file {path.name} exists already"
        raise Refused("file.exists", detail, mend="choose another name, or move the old file away") from None
    except OSError as error:
        detail = f"the file {path.name} cannot be written ({error.strerror})"
        raise Refused("file.unwritable", detail, mend="check the directory and its permissions") from None


def _write_new(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=True) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        # Unlike a rename, a link never replaces what is there.
        os.link(file.name, path)
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
