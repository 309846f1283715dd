"""Putting a printed report together: title and code, verdict, what was looked at, findings, how to check it."""

from collections.abc import Callable, Mapping
from io import BytesIO
from threading import Lock
from typing import Any, Final

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, SimpleDocTemplate, Spacer, Table

from api.pdf.fonts import LATIN, LATIN_BOLD, MONOSPACED, Fonts, fonts
from api.pdf.qr import QrCode
from api.pdf.text import Text, draw_line, shortened
from api.report_pdf.facts import facts
from api.report_pdf.findings import findings
from api.report_pdf.words import LANGUAGES, Words
from verifier.finding import Finding
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import read_report

MARGIN: Final = 42
WIDTH: Final = A4[0] - 2 * MARGIN
GREY, LINE = HexColor(0x555555), HexColor(0xCCCCCC)
_GOOD, _BAD, _OPEN = HexColor(0x1B6E3C), HexColor(0xA61B1B), HexColor(0x8A5A00)
_COLOURS = {"VALID": _GOOD, "ACTIVE": _GOOD, "INDETERMINATE": _OPEN, "UNKNOWN": _OPEN, "PENDING": _OPEN}
_CODE_SIZE, _LABEL_WIDTH, _HEADING_HEIGHT = 96, 112, 90
_PADDING = 6
"""Which the library adds within the margins."""
# reportlab keeps what a document has used of a font in the font.
_LOCK = Lock()


def code_content(digest: bytes) -> str:
    """Return what the QR code says: which report this is."""
    return f"portseal-report:sha256:{digest.hex()}"


def report_pdf(
    file: ReportFile, language: str = "both", font: str | None = None, anchor: Finding | None = None
) -> bytes:
    """Return the report as PDF: `zh`, `en`, or `both`, one after the other. The same arguments give the same bytes.

    It prints what the report states; whether anybody signed it, it does not check. font: the path of a font for
    Chinese (api/pdf/fonts.py). anchor: what `proved_anchor` found of the file's own, if that was asked.
    Raises Invalid `report.*`, `font.file`.
    """
    claims, chosen = read_report(file.jws).claims, fonts(font)
    story: list[Flowable] = []
    for words in LANGUAGES[language]:
        story += [PageBreak()] if story else []
        story += _pages(claims, file, anchor, words, chosen)
    out = BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN - _PADDING,
        rightMargin=MARGIN - _PADDING,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 10,
        title=LANGUAGES[language][0].title,
        author=_by(claims),
        invariant=True,
    )
    footer = _footer(file.digest, chosen)
    with _LOCK:
        template.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def _pages(
    claims: Mapping[str, Any], file: ReportFile, anchor: Finding | None, words: Words, chosen: Fonts
) -> list[Flowable]:
    rows = [
        [Text(chosen, label, 8, colour=GREY), Text(chosen, value, 8)]
        for label, value in facts(claims, file, anchor, words)
    ]
    return [
        _head(claims, file.digest, words, chosen),
        Spacer(1, 8),
        _verdict(claims["verdict"], words, chosen),
        Spacer(1, 6),
        Text(chosen, words.two_questions, 8.5, colour=GREY),
        *_section("facts", words, chosen),
        Table(rows, colWidths=[_LABEL_WIDTH, WIDTH - _LABEL_WIDTH], style=_ROWS),
        *_section("findings", words, chosen),
        *findings(claims["verdict"]["findings"], words, chosen, WIDTH),
        *_section("recheck", words, chosen),
        Text(chosen, words.recheck[0], 8.5, after=4),
        Text(chosen, words.recheck[1], 8, latin=MONOSPACED, after=4),
        Text(chosen, words.recheck[2], 8.5),
    ]


_ROWS = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.25, LINE),
]
_PLAIN = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
]


def _by(claims: Mapping[str, Any]) -> str:
    return shortened(claims["made"]["by"], 64)


def _head(claims: Mapping[str, Any], digest: bytes, words: Words, chosen: Fonts) -> Flowable:
    left = [
        Text(chosen, words.title, 22, latin=LATIN_BOLD, after=4),
        Text(chosen, words.signed_by.format(_by(claims)), 11, after=8),
        Text(chosen, words.code, 8, colour=GREY),
        Text(chosen, digest.hex(), 8, latin=MONOSPACED),
    ]
    code = QrCode(code_content(digest), _CODE_SIZE)
    return Table([[left, code]], colWidths=[WIDTH - _CODE_SIZE, _CODE_SIZE], style=_PLAIN)


def _verdict(verdict: Mapping[str, Any], words: Words, chosen: Fonts) -> Flowable:
    axes = (
        (words.axes[0], words.authentic[verdict["authentic"]], verdict["authentic"]),
        (words.axes[1], words.usable[verdict["usable"]], verdict["usable"]),
    )
    cells = [
        [
            Text(chosen, axis, 9, colour=white, after=2),
            Text(chosen, word, 17, latin=LATIN_BOLD, colour=white, after=4),
            Text(chosen, sentence, 9, colour=white),
        ]
        for axis, (word, sentence), _ in axes
    ]
    style: list[Any] = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    for column, (_, _, value) in zip((0, 2), axes, strict=True):
        style.append(("BACKGROUND", (column, 0), (column, 0), _COLOURS.get(value, _BAD)))
    half = (WIDTH - 8) / 2
    padding = [(f"{side}PADDING", (0, 0), (-1, -1), 8) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    return Table([[cells[0], "", cells[1]]], colWidths=[half, 8, half], style=style + padding)


def _section(name: str, words: Words, chosen: Fonts) -> list[Flowable]:
    """Return a heading, with room for something under it on its page."""
    heading = Text(chosen, words.sections[name], 12, latin=LATIN_BOLD, after=4)
    return [CondPageBreak(_HEADING_HEIGHT), Spacer(1, 12), heading]


def _footer(digest: bytes, chosen: Fonts) -> Callable[[Any, Any], None]:
    def draw(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(GREY)
        text = f"portseal-report {digest.hex()[:16]}, {template.page}"
        draw_line(canvas, chosen, text, MARGIN, MARGIN - 10, 7.5, LATIN)
        canvas.restoreState()

    return draw
