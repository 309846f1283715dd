"""The findings of a printed report: a row each, with the outcome as a word and in colour, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Table

from api.pdf.fonts import LATIN_BOLD, MONOSPACED, Fonts
from api.pdf.text import Text, shortened
from api.report_pdf.words import Words

MOST: Final = 300
"""Rows that are printed; a document of a thousand tariff codes can have as many findings."""

_LONGEST_SENTENCE, _LONGEST_EVIDENCE, _LONGEST_CODE = 600, 400, 128
_GREY, _LINE = HexColor(0x555555), HexColor(0xCCCCCC)
_COLOURS = {
    "pass": HexColor(0x1B6E3C),
    "fail": HexColor(0xA61B1B),
    "warn": HexColor(0x8A5A00),
    "unknown": HexColor(0x6A3D8F),
    "skipped": _GREY,
}
_OUTCOME_WIDTH: Final = 70
_STYLE = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ("LINEBELOW", (0, 0), (-1, -1), 0.25, _LINE),
]


def findings(found: Sequence[Mapping[str, Any]], words: Words, fonts: Fonts, width: float) -> list[Flowable]:
    """Return the rows, the failed ones as they stand in the report's order."""
    rows = [_row(finding, words, fonts) for finding in found[:MOST]]
    flowables: list[Flowable] = [Table(rows, colWidths=[_OUTCOME_WIDTH, width - _OUTCOME_WIDTH], style=_STYLE)]
    if len(found) > MOST:
        flowables.append(Text(fonts, words.more.format(len(found) - MOST), 8.5))
    return flowables


def _row(finding: Mapping[str, Any], words: Words, fonts: Fonts) -> list[Any]:
    outcome = finding["outcome"]
    remedy = finding["remedy"][words.language]
    cell = [
        Text(fonts, shortened(finding["text"][words.language], _LONGEST_SENTENCE), 9),
        Text(fonts, shortened(finding["code"], _LONGEST_CODE), 7.5, latin=MONOSPACED, colour=_GREY),
    ]
    if remedy:
        cell.insert(1, Text(fonts, words.remedy.format(shortened(remedy, _LONGEST_SENTENCE)), 8.5))
    if evidence := _evidence(finding):
        cell.append(Text(fonts, evidence, 7, colour=_GREY))
    return [Text(fonts, words.outcomes[outcome], 8.5, latin=LATIN_BOLD, colour=_COLOURS[outcome]), cell]


def _evidence(finding: Mapping[str, Any]) -> str:
    facts = {**({"pointer": finding["pointer"]} if finding["pointer"] else {}), **finding["evidence"]}
    return shortened(", ".join(f"{name} {_shown(value)}" for name, value in facts.items()), _LONGEST_EVIDENCE)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_shown(one)}" for name, one in value.items()) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    return "-" if value is None else str(value)
