"""The two protobuf messages of a file in several blocks: a dag-pb node that holds a UnixFS `File`.

Written by hand after the dag-pb and UnixFS specifications (ipld.io/specs/codecs/dag-pb, specs.ipfs.tech/unixfs).
PBNode: Links (field 2) before Data (field 1). PBLink: Hash 1, Name 2 (empty), Tsize 3. Data: Type 1 (File = 2),
filesize 3, blocksizes 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import Invalid

CID_SIZE = 36
MAX_LINKS = 1024
MAX_NODE = 96 * 1024  # bytes; 1,024 links take 57 KiB at most

_FILE = b"\x08\x02"


@dataclass(frozen=True)
class Link:
    """One child: binary CID, bytes of all blocks below and including it, bytes of the file that it holds."""

    cid: bytes
    total: int
    size: int


def encode_node(links: Sequence[Link]) -> bytes:
    """Return the dag-pb block over `links` in their order."""
    data = _FILE + b"\x18" + varint(sum(link.size for link in links))
    data += b"".join(b"\x20" + varint(link.size) for link in links)
    return b"".join(map(_link, links)) + _field(0x0A, data)


def decode_node(block: bytes) -> tuple[Link, ...]:
    """Return the links of a node. Raises Invalid `unixfs.form` for anything that `encode_node` does not write."""
    try:
        links = _parse_node(block) if len(block) <= MAX_NODE else ()
    except IndexError:
        links = ()
    if not 0 < len(links) <= MAX_LINKS or encode_node(links) != block:
        raise Invalid("unixfs.form", "the block is not a node of a file", mend="store the payload again")
    return links


def varint(number: int) -> bytes:
    """Return `number` in groups of seven bits, the lowest first (protobuf, multiformats)."""
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def read_varint(data: bytes, offset: int) -> tuple[int, int]:
    """Return the number at `offset` and the offset behind it. Raises IndexError where there is none of 63 bits."""
    number = 0
    for place in range(9):
        byte = data[offset + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, offset + place + 1
    raise IndexError


def _field(tag: int, content: bytes) -> bytes:
    return bytes((tag,)) + varint(len(content)) + content


def _link(link: Link) -> bytes:
    return _field(0x12, _field(0x0A, link.cid) + b"\x12\x00\x18" + varint(link.total))


def _parse_node(block: bytes) -> tuple[Link, ...]:
    """Read as if the form were right; `decode_node` compares with what it should have been."""
    children, offset = [], 0
    while block[offset] == 0x12:
        _, offset = read_varint(block, offset + 1)
        cid = block[offset + 2 : offset + 2 + CID_SIZE]
        total, offset = read_varint(block, offset + 2 + CID_SIZE + 3)
        children.append((cid, total))
    _, offset = read_varint(block, offset + 1)
    _, offset = read_varint(block, offset + len(_FILE) + 1)
    links = []
    for cid, total in children:
        size, offset = read_varint(block, offset + 1)
        links.append(Link(cid, total, size))
    return tuple(links)
