"""A place in the feed of changes: what was told up to it, on which chain of blocks."""

import struct
from dataclasses import dataclass

from ledger.base64url import decode, encode
from ledger.block import Block
from ledger.errors import Invalid

END = 2**32 - 1
"""The log index of a cursor behind everything in its block."""

_FORM = struct.Struct(">BQIQ32s")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything up to log `log_index` of the block was told; `final`: the highest block known as final then.

    The hash tells whether the block is still the chain's, and `final` from where on to go if it is not.
    """

    block_number: int
    log_index: int
    final: int
    block_hash: bytes

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all changes of the chain."""
        return self.block_number, self.log_index

    @classmethod
    def behind(cls, block: Block, final: int, log_index: int = END) -> "Cursor":
        """Return the cursor behind a log of this block; behind the block, if none is named."""
        return cls(block.number, log_index, min(final, block.number), block.hash)

    def text(self) -> str:
        """Return it as clients hold it: opaque, one line, safe in an address."""
        return encode(_FORM.pack(_VERSION, self.block_number, self.log_index, self.final, self.block_hash))

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read what `text` wrote. Raises Invalid `cursor.form`."""
        try:
            version, number, log_index, final, block_hash = _FORM.unpack(decode(text))
        except (Invalid, struct.error, UnicodeEncodeError):
            version = None
        if version != _VERSION or final > number:
            raise Invalid("cursor.form", f"{text[:40]!r} is no cursor", mend="give one that the feed gave, or none")
        return cls(number, log_index, final, block_hash)
