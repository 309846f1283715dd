"""The text of a QR code by value: a gate statement, and the paths from it to the root of its hour (docs/gate.md).

`PS1:`, then base45 (RFC 9285) of zlib (RFC 1950) of deterministic CBOR `[statement, index, size, path, anchored at,
index in the hour, path in the hour]`; a path is its hashes in a row, the lowest first. The batch's root is not in it:
the path leads to it, and the hour's path from there. Nothing but the statement is signed; all else has to lead to a
root that the reader has from elsewhere.
"""

import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import base45

from anchors import hour_root, merkle
from ledger import deterministic_cbor
from ledger.errors import Invalid
from ledger.gate_statement import GateStatement, parse

PREFIX: Final = "PS1:"
MAX_TEXT: Final = 4_296
"""Characters that any QR code can have (version 40-L); what we print is shorter."""

MAX_CONTENT: Final = 3_072
"""Bytes after decompression: a statement and 80 hashes."""

_LONGEST_PATH: Final = 64
_VERSION = re.compile(r"PS\d+:")
_MEND: Final = "scan the QR code again, or ask for the document itself"


@dataclass(frozen=True)
class GateCode:
    """What a QR code by value says. index, size, path: in the batch; hour_index, hour_path: of the batch in its hour.

    anchored_at: block time, seconds since the epoch. None of these is signed.
    """

    statement: GateStatement
    index: int
    size: int
    path: tuple[bytes, ...]
    anchored_at: int
    hour_index: int
    hour_path: tuple[bytes, ...]

    @property
    def hour(self) -> int:
        """The hour whose root decides."""
        return hour_root.hour_of(self.anchored_at)

    @cached_property
    def root(self) -> bytes | None:
        """The root that the path leads to; None if it fits no tree of that size."""
        return merkle.root_from_path(self.statement.leaf, self.index, self.size, self.path)

    def leads_to(self, hour: tuple[bytes, int]) -> bool:
        """Tell whether the statement lies under the root of its hour, (root, size)."""
        if self.root is None:
            return False
        batch = (self.root, self.size, self.anchored_at)
        return hour_root.verifies(batch, self.hour_index, self.hour_path, hour, number=self.hour)

    def text(self) -> str:
        """Return the text of the QR code."""
        parts = [
            self.statement.data,
            self.index,
            self.size,
            b"".join(self.path),
            self.anchored_at,
            self.hour_index,
            b"".join(self.hour_path),
        ]
        packed: bytes = base45.b45encode(zlib.compress(deterministic_cbor.encode(parts), 9))
        return PREFIX + packed.decode("ascii")


def read(text: str) -> GateCode:
    """Read the text of a QR code.

    Raises Invalid `gate.version` for one of another edition, `gate.code` for what is none, and what
    `ledger.gate_statement.parse` raises.
    """
    if not text.startswith(PREFIX):
        if _VERSION.match(text):
            raise Invalid("gate.version", "the QR code is of another edition", mend="use a newer edition of Portseal")
        raise _no_code(f"it does not begin with {PREFIX}")
    if len(text) > MAX_TEXT:
        raise _no_code(f"it has more than {MAX_TEXT} characters")
    found = deterministic_cbor.decode(_unpacked(text[len(PREFIX) :]), "gate")
    if not isinstance(found, list) or len(found) != 7:
        raise _no_code("it has not the seven parts of one")
    statement, index, size, path, anchored_at, hour_index, hour_path = found
    if not all(_is_number(number) for number in (index, size, anchored_at, hour_index)):
        raise _no_code("places, size or time are no whole numbers")
    if not isinstance(statement, bytes):
        raise _no_code("the gate statement is missing")
    return GateCode(parse(statement), index, size, _hashes(path), anchored_at, hour_index, _hashes(hour_path))


def _unpacked(text: str) -> bytes:
    try:
        packed = base45.b45decode(text)
        # Several texts stand for the same bytes where a reader is lenient; one is right.
        if base45.b45encode(packed).decode("ascii") != text:
            raise _no_code("it is not base45")
        reader = zlib.decompressobj()
        data = reader.decompress(packed, MAX_CONTENT)
    except (ValueError, zlib.error):
        raise _no_code("it is not base45 of zlib") from None
    if not reader.eof or reader.unused_data:
        raise _no_code(f"it is cut off, followed by something, or has more than {MAX_CONTENT} bytes")
    return data


def _hashes(path: Any) -> tuple[bytes, ...]:
    if not isinstance(path, bytes) or len(path) % merkle.HASH_SIZE or len(path) > _LONGEST_PATH * merkle.HASH_SIZE:
        raise _no_code("a path is not hashes of 32 bytes")
    return merkle.split(path)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= merkle.MAX_SIZE


def _no_code(detail: str) -> Invalid:
    return Invalid("gate.code", f"this is no QR code of Portseal: {detail}", mend=_MEND)
