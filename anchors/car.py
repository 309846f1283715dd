"""CAR version 1, the container of blocks (ipld.io/specs/transport/car/carv1): our packs.

A header (varint length, dag-cbor `{roots, version: 1}`), then sections: varint length, binary CID, block.
Only CIDs of ours are taken: version 1, SHA-256, raw or dag-pb.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import cbor2

from anchors.cid import Cid
from anchors.unixfs import CID_SIZE, varint
from ledger import deterministic_cbor
from ledger.errors import Invalid

MAX_HEADER = 4 * 1024 * 1024  # bytes; 65,536 roots take 2.7 MB
MAX_BLOCK = 2 * 1024 * 1024  # bytes, the largest that IPFS peers exchange

_LINK = 42


@dataclass(frozen=True)
class Section:
    """Where a block lies: offset and length in bytes from the beginning of the file, without its CID."""

    cid: Cid
    offset: int
    length: int


def header(roots: Sequence[Cid]) -> bytes:
    """Return what stands before the first section."""
    links = [cbor2.CBORTag(_LINK, b"\0" + bytes(root)) for root in roots]
    content = deterministic_cbor.encode({"roots": links, "version": 1})
    return varint(len(content)) + content


def write(file: BinaryIO, roots: Sequence[Cid], blocks: Iterable[tuple[Cid, bytes]]) -> list[Section]:
    """Write a CAR from where `file` stands, which must be its beginning, and tell where each block lies."""
    start = header(roots)
    file.write(start)
    offset, sections = len(start), []
    for cid, block in blocks:
        head = varint(CID_SIZE + len(block)) + bytes(cid)
        file.write(head)
        file.write(block)
        sections.append(Section(cid, offset + len(head), len(block)))
        offset += len(head) + len(block)
    return sections


def read_header(file: BinaryIO) -> list[Cid]:
    """Return the roots; `file` then stands at the first section. Raises Invalid `car.form`, `cid.form`."""
    size = _read_varint(file)
    if size is None or size > MAX_HEADER:
        raise _no_car()
    content = deterministic_cbor.decode(_read_exactly(file, size), "car", frozenset({_LINK}))
    if not isinstance(content, dict) or content.keys() != {"roots", "version"}:
        raise _no_car()
    if content["version"] != 1 or type(content["version"]) is not int or not isinstance(content["roots"], list):
        raise _no_car()
    return [_root(link) for link in content["roots"]]


def sections(file: BinaryIO) -> Iterator[Section]:
    """Yield where each block lies, from the header's end to the end of the file. Blocks are passed over, not hashed.

    Raises Invalid `car.form` at a section that is cut off or too large, `cid.form` at a foreign CID.
    """
    end = file.seek(0, 2)
    offset = file.seek(0)
    read_header(file)
    while (length := _read_varint(file)) is not None:
        length -= CID_SIZE
        if not 0 <= length <= MAX_BLOCK:
            raise _no_car()
        cid = Cid.from_bytes(_read_exactly(file, CID_SIZE))
        offset = file.tell()
        if offset + length > end:
            raise _no_car()
        yield Section(cid, offset, length)
        file.seek(offset + length)


def read_block(file: BinaryIO, section: Section) -> bytes:
    """Return the bytes of one block as they are, fewer at the end of the file. The caller hashes them."""
    file.seek(section.offset)
    return file.read(section.length)


def _root(link: Any) -> Cid:
    if not isinstance(link, cbor2.CBORTag) or not isinstance(link.value, bytes) or link.value[:1] != b"\0":
        raise _no_car()
    return Cid.from_bytes(link.value[1:])


def _read_varint(file: BinaryIO) -> int | None:
    """Return the next number in its shortest form, None at the end of the file."""
    data = file.read(1)
    while data and data[-1] & 0x80 and len(data) < 9:
        byte = file.read(1)
        if not byte:
            raise _no_car()
        data += byte
    if not data:
        return None
    number = sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(data))
    if varint(number) != data:
        raise _no_car()
    return number


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise _no_car()
    return data


def _no_car() -> Invalid:
    return Invalid("car.form", "not a whole CAR version 1", mend="take the file as it was made")
