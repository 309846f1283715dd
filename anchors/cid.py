"""Content identifiers (CID version 1) of payloads: profile unixfs-v1-2025.

SHA-256, raw leaves, chunks of 1 MiB, a balanced tree of at most 1,024 links to a node. One chunk is its own raw
block, so that its CID is the SHA-256 of its bytes. (multiformats/cid, multiformats/multibase, IPIP-0499.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from anchors.unixfs import CID_SIZE, MAX_LINKS, Link, encode_node
from ledger.errors import Invalid

CHUNK = 1024 * 1024  # bytes

_TEXT_SIZE = 59

# RFC 4648 §6 in lower case: 36 bytes and two bits of zero are 29 pairs of characters. The standard library takes twice
# as long for writing, twenty times for reading.
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS = range(280, -1, -10)
_SPARE_BITS = 2
_TO_DIGITS = bytes.maketrans(_ALPHABET.encode(), b"0123456789abcdefghijklmnopqrstuv")


class Codec(IntEnum):
    """What the block is: bytes of a file, or a node over such blocks."""

    RAW = 0x55
    DAG_PB = 0x70


# version 1, codec, SHA-256, 32 bytes
_CODECS = {bytes((1, codec, 0x12, 0x20)): codec for codec in Codec}


@dataclass(frozen=True)
class Cid:
    """CID version 1 with SHA-256: the codec and the 32 bytes of the hash of the block."""

    codec: Codec
    digest: bytes

    def __str__(self) -> str:
        """Return base32 in lower case with the prefix `b` (`bafk...` raw, `bafy...` a node)."""
        number = int.from_bytes(bytes(self), "big") << _SPARE_BITS
        return "b" + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])

    def __bytes__(self) -> bytes:
        """Return the 36 binary bytes: version, codec, hash function, length, hash."""
        return bytes((1, self.codec, 0x12, 0x20)) + self.digest

    @classmethod
    def of_block(cls, codec: Codec, block: bytes) -> "Cid":
        """Return the CID of one block."""
        return cls(codec, sha256(block).digest())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Cid":
        """Read the binary form. Raises Invalid `cid.form` for all but version 1, raw or dag-pb, SHA-256."""
        codec = _CODECS.get(bytes(data[:4]))
        if codec is None or len(data) != CID_SIZE:
            raise _no_cid()
        return cls(codec, bytes(data[4:]))

    @classmethod
    def parse(cls, text: str) -> "Cid":
        """Read the text form, in its one spelling only. Raises Invalid `cid.form`."""
        try:
            number = int(text[1:].encode("ascii").translate(_TO_DIGITS), 32) if len(text) == _TEXT_SIZE else 0
            data = (number >> _SPARE_BITS).to_bytes(CID_SIZE, "big")
        except (ValueError, OverflowError) as error:
            raise _no_cid() from error
        cid = cls.from_bytes(data)
        if str(cid) != text:
            raise _no_cid()
        return cid

    def matches(self, block: bytes) -> bool:
        """Tell whether `block` is the block that this CID names."""
        return sha256(block).digest() == self.digest


def cid_of(data: bytes) -> Cid:
    """Return the CID of a whole payload."""
    if len(data) <= CHUNK:
        return Cid.of_block(Codec.RAW, data)
    *_, (cid, _) = blocks(data)
    return cid


def blocks(data: bytes, chunk: int = CHUNK, max_links: int = MAX_LINKS) -> Iterator[tuple[Cid, bytes]]:
    """Yield every block of a payload: the leaves in order, then the nodes, the root last."""
    level = []
    for leaf in _chunks(data, chunk):
        cid = Cid.of_block(Codec.RAW, leaf)
        level.append(Link(bytes(cid), len(leaf), len(leaf)))
        yield cid, leaf
    while len(level) > 1:
        groups = [level[start : start + max_links] for start in range(0, len(level), max_links)]
        level = []
        for group in groups:
            node = encode_node(group)
            cid = Cid.of_block(Codec.DAG_PB, node)
            level.append(_above(cid, node, group))
            yield cid, node


def _chunks(data: bytes, chunk: int) -> Iterator[bytes]:
    if len(data) <= chunk:
        yield data
        return
    for start in range(0, len(data), chunk):
        yield data[start : start + chunk]


def _above(cid: Cid, node: bytes, group: list[Link]) -> Link:
    return Link(bytes(cid), len(node) + sum(link.total for link in group), sum(link.size for link in group))


def _no_cid() -> Invalid:
    return Invalid(
        "cid.form",
        "not a CID of ours",
        mend="give a CID version 1, SHA-256, raw or dag-pb, in lower-case base32 (bafk... or bafy...)",
    )
