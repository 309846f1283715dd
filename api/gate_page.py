"""A page to print: the QR code, and beside it in words what it says, in English and Chinese."""

import io
from collections.abc import Sequence
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from api.gate_words import Line
from api.pdf import text
from api.pdf.fonts import Fonts, fonts
from api.pdf.qr import QrCode
from api.qr_image import QrImage

_WIDTH, _HEIGHT = A4
_MARGIN: Final = 18 * mm
_SIDE: Final = 94 * mm
"""Of the code with its quiet zone: a module of the largest one is 0.75 mm."""

_TITLE_SIZE, _SIZE, _SMALL, _LEADING = 14, 9, 7, 12
_TITLE: Final = "Portseal: scan to verify    扫码核验"


def page(image: QrImage, lines: Sequence[Line], digest: bytes, note: str) -> bytes:
    """Return a PDF of one page. note: what kind of code it is. The same input gives the same bytes."""
    out, held = io.BytesIO(), fonts()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"Portseal {digest.hex()}")
    text.draw_line(canvas, held, _TITLE, _MARGIN, _HEIGHT - _MARGIN, _TITLE_SIZE)
    bottom = _HEIGHT - _MARGIN - 8 * mm - _SIDE
    QrCode(image.text, _SIDE).drawOn(canvas, _MARGIN, bottom)
    at = _HEIGHT - _MARGIN - 12 * mm
    for english, chinese, value in lines:
        at = _write(canvas, held, at, f"{english} {chinese}", value)
    for number, said in enumerate((note, f"digest 摘要 {digest.hex()}"), 1):
        text.draw_line(canvas, held, said, _MARGIN, bottom - number * _LEADING - 4 * mm, _SIZE)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _write(canvas: Canvas, held: Fonts, at: float, label: str, value: str) -> float:
    """Write a label and under it a value, beside the code; return where the next one begins."""
    left = _MARGIN + _SIDE + 6 * mm
    text.draw_line(canvas, held, label, left, at, _SMALL)
    for line in text.lines(held, value, _WIDTH - _MARGIN - left, _SIZE):
        at -= _LEADING
        text.draw_line(canvas, held, line, left, at, _SIZE)
    return at - 0.4 * _LEADING - _SIZE
