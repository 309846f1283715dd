"""Lines of a body that comes in pieces."""

from typing import Final

from ledger.errors import Invalid

MAX_LINES: Final = 100_000


class LineSplitter:
    """Takes pieces, gives lines that are not blank. No more is kept than one line of `longest` bytes and one piece.

    In place of a longer line comes Invalid `body.too-large`, once, as soon as that is seen; its rest is passed over.
    too_many: what is wrong once there are more than MAX_LINES lines, blank ones counted; no line after that is given.
    """

    def __init__(self, longest: int) -> None:
        self.too_many: Invalid | None = None
        self._longest = longest
        # Grown in place: one line in a thousand pieces is copied once, not a thousand times.
        self._rest = bytearray()
        self._number = 1
        self._passing = False

    def split(self, piece: bytes) -> list[bytes | Invalid]:
        """Return the lines that end in this piece."""
        found: list[bytes | Invalid] = []
        begun, *others = piece.split(b"\n")
        self._add(begun, found)
        for other in others:
            self._end_line(found)
            self._add(other, found)
            if self.too_many is not None:
                break
        return found

    def end(self) -> list[bytes | Invalid]:
        """Return the last line, which nothing ends."""
        found: list[bytes | Invalid] = []
        self._end_line(found, at_end=True)
        return found

    def _add(self, piece: bytes, found: list[bytes | Invalid]) -> None:
        if not piece or self._passing or self.too_many is not None:
            return
        self._rest += piece
        if len(self._rest) > self._longest:
            what = f"line {self._number} is over {self._longest} bytes"
            found.append(Invalid("body.too-large", what, mend="send this one alone"))
            self._rest, self._passing = bytearray(), True

    def _end_line(self, found: list[bytes | Invalid], *, at_end: bool = False) -> None:
        if self._number > MAX_LINES and (self._rest or self._passing or not at_end):
            mend = "send the rest in another request"
            self.too_many = Invalid("body.too-large", f"more than {MAX_LINES} lines", mend=mend)
        elif self._rest.strip():
            found.append(bytes(self._rest))
        self._rest, self._passing = bytearray(), False
        self._number += 1
