"""Text in a PDF file: broken into lines by words and characters, drawn as it is and never read as markup."""

import re
from collections.abc import Iterator
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from api.pdf.fonts import LATIN, Fonts

_LEADING = 1.35
_WORD = re.compile(r"\n|[^\S\n]+|[!-~\u00a0-\u024f]+?(?:[./:,;_~\-]+|(?![!-~\u00a0-\u024f]))|.")
"""A break of the line, white space, a piece of a Latin word up to where it may be broken, or one other character."""

_NEVER_FIRST = frozenset("，。；：、！？）》」』】”’…—·,.;:!?)]}%")


class Text(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A text of any origin, in lines that fit the width that there is. It goes on on the next page if need be."""

    def __init__(
        self, fonts: Fonts, text: str, size: float = 9, *, latin: str = LATIN, colour: Color = black, after: float = 0
    ) -> None:
        super().__init__()
        self._fonts, self._size, self._latin, self._colour = fonts, size, latin, colour
        self._text = text
        self._lines: list[str] | None = None
        self.width = 0.0
        self.spaceAfter = after

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Break the lines; return the size."""
        if self._lines is None or width != self.width:
            self.width = width
            self._lines = list(lines(self._fonts, self._text, width, self._size, self._latin))
        self.height = len(self._lines) * self._leading
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return what fits and the rest; nothing if no line fits."""
        self.wrap(width, height)
        fitting = int(height / self._leading)
        if not fitting or not self._lines:
            return []
        parts = (self._lines[:fitting], self._lines[fitting:])
        return [self._with("\n".join(part)) for part in parts if part]

    def draw(self) -> None:
        """Draw the lines, from the top down."""
        canvas: Canvas = self.canv
        canvas.setFillColor(self._colour)
        for place, line in enumerate(self._lines or (), 1):
            draw_line(
                canvas,
                self._fonts,
                line,
                0,
                self.height - place * self._leading + self._size * 0.3,
                self._size,
                self._latin,
            )

    @property
    def _leading(self) -> float:
        return self._size * _LEADING

    def _with(self, text: str) -> Flowable:
        return Text(self._fonts, text, self._size, latin=self._latin, colour=self._colour)


def shortened(text: str, longest: int) -> str:
    """Return a text in one paragraph of at most `longest` characters: whoever wrote it, it fits on a page."""
    text = " ".join(text[: 4 * longest].split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def draw_line(canvas: Any, fonts: Fonts, line: str, x: float, y: float, size: float, latin: str = LATIN) -> float:
    """Draw one line at a place; return where it ends."""
    for font, piece in fonts.runs(line, latin):
        canvas.setFont(font, size)
        canvas.drawString(x, y, piece)
        x += canvas.stringWidth(piece, font, size)
    return x


def lines(fonts: Fonts, text: str, width: float, size: float, latin: str = LATIN) -> Iterator[str]:
    """Yield lines that are no wider than `width` points; a line break in the text begins a new one."""
    line = ""
    for word in _words(fonts, text, width, size, latin):
        if word == "\n":
            yield line.rstrip()
            line = ""
        elif not line or fonts.width((line + word).rstrip(), size, latin) <= width or _clings(line, word):
            line = line + word if line else word.lstrip()
        else:
            yield line.rstrip()
            line = word.lstrip()
    yield line.rstrip()


def _clings(line: str, word: str) -> bool:
    """A closing mark hangs beyond the margin and does not begin a line; two of them do not hang."""
    return word in _NEVER_FIRST and line[-1] not in _NEVER_FIRST


def _words(fonts: Fonts, text: str, width: float, size: float, latin: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        start = 0
        for end in range(1, len(word)):
            if fonts.width(word[start : end + 1], size, latin) > width:
                yield word[start:end]
                start = end
        yield word[start:]
