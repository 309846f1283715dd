"""A pack: one CAR file with the blocks of the payloads of one `put`, whole or not there at all.

A pack is written under another name, made durable, read back and hashed, and only then gets its name, which follows
from the CIDs inside: writing the same payloads again replaces the file by the same bytes.
"""

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from anchors import car
from anchors.cid import Cid, blocks
from ledger.errors import Invalid, Unavailable
from ledger.failpoint import reached

SUFFIX = ".car"
UNFINISHED = ".part"
MAX_PAYLOADS = 65_536
"""Payloads in one pack; the header names each, and has a limit of its own."""


@dataclass(frozen=True)
class Pack:
    """What lies in one file: its name in the folder, its size in bytes, where each block is."""

    name: str
    size: int
    sections: list[car.Section]


def write(folder: Path, payloads: Mapping[Cid, bytes]) -> Pack:
    """Write one pack into `folder`; its name is durable after `sync_folder`.

    Raises OSError, or Unavailable `store.corrupt` if it reads back otherwise.
    """
    name = sha256(b"".join(map(bytes, payloads))).hexdigest() + SUFFIX
    unfinished = folder / (secrets.token_hex(16) + UNFINISHED)
    try:
        with unfinished.open("x+b") as file:
            sections = car.write(file, list(payloads), _all_blocks(payloads.values()))
            make_durable(file)
            _read_back(file, sections)
        reached("folder.pack.durable")
        unfinished.replace(folder / name)
        reached("folder.pack.named")
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Pack(name, sections[-1].offset + sections[-1].length, sections)


def scan(folder: Path, name: str, size: int) -> Pack:
    """Find the blocks of a pack that is there; of a damaged one those before the damage.

    Payloads that the header names and that were not found get an empty place, which no hash fits: the store then
    knows that they were here and are spoilt. Raises OSError.
    """
    sections: list[car.Section] = []
    roots: list[Cid] = []
    with (folder / name).open("rb") as file:
        try:
            roots = car.read_header(file)
            sections.extend(car.sections(file))
        except Invalid:
            found = {section.cid for section in sections}
            sections += [car.Section(root, 0, 0) for root in dict.fromkeys(roots) if root not in found]
    return Pack(name, size, sections)


def roots(folder: Path, name: str) -> list[Cid]:
    """Return what the header of a pack names; nothing if it is damaged. Raises OSError."""
    with (folder / name).open("rb") as file:
        try:
            return car.read_header(file)
        except Invalid:
            return []


def read_block(folder: Path, name: str, section: car.Section) -> bytes | None:
    """Return the bytes at that place, None where the file does not give any. The caller hashes them."""
    try:
        with (folder / name).open("rb") as file:
            return car.read_block(file, section)
    except OSError:
        return None


def make_durable(file: BinaryIO) -> None:
    """Return when the bytes are on the disk, and make the system forget them, so that reading reads the disk."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # advice, which a file system may not take
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _all_blocks(payloads: Iterable[bytes]) -> Iterable[tuple[Cid, bytes]]:
    for payload in payloads:
        yield from blocks(payload)


def _read_back(file: BinaryIO, sections: Iterable[car.Section]) -> None:
    for section in sections:
        if not section.cid.matches(car.read_block(file, section)):
            raise Unavailable(
                "store.corrupt",
                "what was written reads back as something else",
                mend="replace the disk",
            )
