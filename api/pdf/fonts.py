"""The fonts of PDF files: Helvetica for Latin, and one font for Chinese, embedded where this machine has one.

A TrueType font (`glyf` outlines; reportlab reads no others) is looked for in PORTSEAL_CJK_FONT, then where Debian puts
fonts-droid-fallback, fonts-wqy-microhei and fonts-wqy-zenhei. It is embedded, with the glyphs that are used and no
others. Without one, the file names Adobe's STSong-Light, which every reader of PDF has to bring along: the text is
there and can be copied, but how it looks, and on a machine without Chinese fonts whether, is the reader's to decide.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ledger.errors import Invalid

SETTING: Final = "PORTSEAL_CJK_FONT"
LATIN, LATIN_BOLD, MONOSPACED = "Helvetica", "Helvetica-Bold", "Courier"
NOT_EMBEDDED: Final = "STSong-Light"
_EMBEDDED: Final = "PortsealCJK"
_USUAL: Final = (
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
)


@dataclass(frozen=True, slots=True)
class Fonts:
    """cjk: the name of the Chinese font, as reportlab knows it. embedded: the file holds its glyphs."""

    cjk: str
    embedded: bool

    def runs(self, text: str, latin: str = LATIN) -> Iterator[tuple[str, str]]:
        """Yield pieces of a text with the font for each; what no font has stands there as its escape."""
        for font, pieces in groupby(((self._font_of(one, latin), one) for one in text), lambda pair: pair[0]):
            shown = "".join(one if font else f"\\u{{{ord(one):x}}}" for _, one in pieces)
            yield font or latin, shown

    def width(self, text: str, size: float, latin: str = LATIN) -> float:
        """Return the width of a text in points: no pair of characters is drawn closer than they are wide."""
        return size * sum(_advance(self, one, latin) for one in text)

    def _font_of(self, character: str, latin: str) -> str | None:
        if _is_in(character, "cp1252") and character.isprintable():
            return latin
        return self.cjk if _has(self.cjk, character) else None


def fonts(setting: str | None = None) -> Fonts:
    """Return the fonts of this machine. setting: the path of a font; without it, that of the environment.

    Raises Invalid `font.file` for a font that is named and cannot be used.
    """
    return _fonts(setting or os.environ.get(SETTING))


@cache
def _fonts(named: str | None) -> Fonts:
    if named:
        return _embedded(Path(named))
    for path in _USUAL:
        if path.is_file():
            return _embedded(path)
    pdfmetrics.registerFont(UnicodeCIDFont(NOT_EMBEDDED))
    return Fonts(NOT_EMBEDDED, embedded=False)


def _embedded(path: Path) -> Fonts:
    name = f"{_EMBEDDED}-{path.stem}"
    try:
        pdfmetrics.registerFont(TTFont(name, str(path)))
    except (TTFError, OSError, ValueError) as error:
        detail = f"{path.name} cannot be used as a font ({type(error).__name__})"
        mend = f"name a TrueType font (.ttf or .ttc, not .otf) that has Chinese in {SETTING}, or none"
        raise Invalid("font.file", detail, mend=mend) from None
    return Fonts(name, embedded=True)


@lru_cache(maxsize=65_536)
def _advance(fonts: Fonts, character: str, latin: str) -> float:
    return float(sum(pdfmetrics.stringWidth(piece, font, 1) for font, piece in fonts.runs(character, latin)))


@cache
def _has(font: str, character: str) -> bool:
    if not character.isprintable():
        return False
    if font == NOT_EMBEDDED:
        # Adobe-GB1 covers GBK from its supplement 2 on.
        return _is_in(character, "gbk")
    return ord(character) in pdfmetrics.getFont(font).face.charToGlyph


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
