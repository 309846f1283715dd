"""The demonstration's tables: CSV files with a header, read strictly."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import TypeVar

from ledger.errors import Invalid

Row = TypeVar("Row")

_FOLDER = files(__package__) / "data"
_YEAR, _MONTH = re.compile(r"\d{4}"), re.compile(r"\d{4}-\d{2}")


def parsed(name: str, columns: tuple[str, ...], parse: Callable[[dict[str, str]], Row]) -> list[Row]:
    """Return what `parse` makes of each row of `data/<name>.csv`; no two may be the same. Raises as parse_table."""
    return parse_table((_FOLDER / f"{name}.csv").read_text(encoding="utf-8"), columns, parse)


def parse_table(text: str, columns: tuple[str, ...], parse: Callable[[dict[str, str]], Row]) -> list[Row]:
    """Read a table with exactly these columns, every cell trimmed, and every row once.

    Raises Invalid `table.form` with the line; that is what a ValueError or Invalid of `parse` becomes too.
    """
    lines = list(csv.reader(text.splitlines(), strict=True))
    if not lines or tuple(lines[0]) != columns:
        raise _wrong(1, f"the columns must be {', '.join(columns)}")
    found: list[Row] = []
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(columns) or any(cell != cell.strip() for cell in cells) or cells in lines[1 : number - 1]:
            raise _wrong(number, f"a row has {len(columns)} cells without spaces around them, and stands there once")
        found.append(_parsed(number, dict(zip(columns, cells, strict=True)), parse))
    return found


def _parsed(line: int, row: dict[str, str], parse: Callable[[dict[str, str]], Row]) -> Row:
    try:
        return parse(row)
    except (ValueError, Invalid) as error:
        raise _wrong(line, str(error)) from None


def _wrong(line: int, what: str) -> Invalid:
    return Invalid("table.form", f"line {line}: {what}", mend="correct the table of the demonstration")


def start_of(day: str) -> int:
    """Return when the day began, UTC, in seconds since the epoch. Raises ValueError for what is no day."""
    return int(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).timestamp())


def last_day(stated: str) -> str:
    """Return the last day of a year, month or day as stated: by then it was so. Raises ValueError."""
    if _YEAR.fullmatch(stated):
        return f"{stated}-12-31"
    if _MONTH.fullmatch(stated):
        year, month = divmod(int(stated[:4]) * 12 + int(stated[5:]), 12)
        return (date(year, month + 1, 1) - timedelta(days=1)).isoformat()
    return date.fromisoformat(stated).isoformat()
