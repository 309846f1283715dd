"""A page to print: the QR code, and beside it in words what it says, in English and Chinese."""

import io
from collections.abc import Sequence
from functools import cache
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from api.gate_words import Line
from api.qr_image import QUIET, QrImage

_WIDTH, _HEIGHT = A4
_MARGIN: Final = 18 * mm
_SIDE: Final = 94 * mm
"""Of the code with its quiet zone: a module of the largest one is 0.75 mm."""

_SIZE, _LEADING = 9, 12
_TITLE: Final = "Portseal: scan to verify    扫码核验"


def page(image: QrImage, lines: Sequence[Line], digest: bytes, note: str) -> bytes:
    """Return a PDF of one page. note: what kind of code it is. The same input gives the same bytes."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"Portseal {digest.hex()}")
    font = _font()
    canvas.setFont(font, 14)
    canvas.drawString(_MARGIN, _HEIGHT - _MARGIN, _TITLE)
    top = _HEIGHT - _MARGIN - 8 * mm
    _draw(canvas, image, _MARGIN, top - _SIDE)
    at = _HEIGHT - _MARGIN - 12 * mm
    for english, chinese, value in lines:
        at = _write(canvas, font, _MARGIN + _SIDE + 6 * mm, at, f"{english} {chinese}", value)
    canvas.setFont(font, _SIZE)
    for number, text in enumerate((note, f"digest 摘要 {digest.hex()}")):
        canvas.drawString(_MARGIN, top - _SIDE - (number + 1) * _LEADING - 4 * mm, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Canvas, image: QrImage, left: float, bottom: float) -> None:
    rows = image.modules
    module = _SIDE / (len(rows) + 2 * QUIET)
    for row, modules in enumerate(rows):
        y = bottom + _SIDE - (QUIET + row + 1) * module
        start: int | None = None
        # A run of dark modules is one rectangle: no hair lines between them.
        for column, dark in enumerate([*modules, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                canvas.rect(left + (QUIET + start) * module, y, (column - start) * module, module, stroke=0, fill=1)
                start = None


def _write(canvas: Canvas, font: str, left: float, at: float, label: str, value: str) -> float:
    width = _WIDTH - _MARGIN - left
    canvas.setFont(font, _SIZE - 2)
    canvas.drawString(left, at, label)
    canvas.setFont(font, _SIZE)
    for text in simpleSplit(value, font, _SIZE, width):
        at -= _LEADING
        canvas.drawString(left, at, text)
    return at - 0.4 * _LEADING - _SIZE


@cache
def _font() -> str:
    # One of the fonts that every reader of PDF has for Chinese; it has Latin letters too.
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"
