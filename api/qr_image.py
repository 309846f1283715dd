"""A text as a QR code (ISO/IEC 18004): as PNG or SVG, and as the modules that a printed page draws."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno

from ledger.errors import Refused

MOST_VERSION: Final = 25
"""117 modules; 1,451 characters by value: on 88 mm of paper a module is 0.75 mm, which a telephone reads."""

ERROR: Final = "m"
"""Mends 15 % of a code that is dirty or torn."""

QUIET: Final = 4
_SCALE: Final = 8


@dataclass(frozen=True)
class QrImage:
    """A QR code. Raises Refused `gate.too-large` for a text that needs a version above 25-M."""

    text: str

    def __post_init__(self) -> None:
        try:
            code = segno.make_qr(self.text, error=ERROR, boost_error=False)
        except segno.DataOverflowError:
            raise _too_large(len(self.text)) from None
        if int(code.version) > MOST_VERSION:
            raise _too_large(len(self.text))
        object.__setattr__(self, "_code", code)

    @property
    def version(self) -> int:
        """1 to 25."""
        return int(self._made.version)

    @property
    def modules(self) -> Sequence[bytearray]:
        """Its rows, 1 for each dark module, without the quiet zone of 4 modules."""
        return self._made.matrix

    def png(self) -> bytes:
        """Return a PNG, 8 pixels for each module."""
        out = io.BytesIO()
        self._made.save(out, kind="png", scale=_SCALE, border=QUIET)
        return out.getvalue()

    def svg(self) -> bytes:
        """Return an SVG that scales to where it stands."""
        out = io.BytesIO()
        self._made.save(out, kind="svg", scale=_SCALE, border=QUIET, light="#fff")
        return out.getvalue()

    @property
    def _made(self) -> segno.QRCode:
        made: segno.QRCode = vars(self)["_code"]
        return made


def _too_large(length: int) -> Refused:
    return Refused(
        "gate.too-large",
        f"a QR code by value of {length} characters does not go into version 25-M (1,451)",
        mend="use the one by link: batch and hour were so large that the two paths leave no room",
    )
