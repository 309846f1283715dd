"""Tables of what tests found out, printed below their results: a small pytest plugin, wired in tests/conftest.py.

A test asks for the fixture `table` and adds a row for whatever it tried:

    def test_front_door(table: Table) -> None:
        table("Other people's documents", file="dcsa/draft.json", answer="refused", why="it has no number")

Rows of one title make one table, whichever tests and xdist workers they come from; the names of the cells are its
columns (`_` is shown as a space), a cell may be left out, the last column is wrapped. Rows stand as they came in; a row
counts however its test ends. Rows travel in the `user_properties` of pytest's reports, so cells are kept as texts.

The fixture `tally` counts instead, over all tests: `tally("Mutated requests", "flipped", "400")` adds one (or `number`)
in the row and the column named; the table has a row and a column for everything together.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

import pytest

PROPERTY = "portseal-table"
COUNTED = "portseal-tally"
ALL = "all"
NARROWEST = 100
Row = dict[str, str]


class Table(Protocol):
    """What the fixture `table` is: adds one row to the table `title`."""

    def __call__(self, title: str, /, **cells: object) -> None: ...


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """Return what adds a row to a table of the terminal summary."""

    def add(title: str, /, **cells: object) -> None:
        row = {name: str(cell) for name, cell in cells.items()}
        request.node.user_properties.append((PROPERTY, [title, row]))

    return add


class Tally(Protocol):
    """What the fixture `tally` is: counts in a cell of the table `title`."""

    def __call__(self, title: str, row: str, column: str, /, number: int = 1) -> None: ...


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Yield what counts in a table of the terminal summary."""
    counts = Counter[tuple[str, str, str]]()

    def count(title: str, row: str, column: str, /, number: int = 1) -> None:
        counts[title, row, column] += number

    yield count
    request.node.user_properties += [(COUNTED, [*cell, number]) for cell, number in counts.items()]


class Tables:
    """The rows of a session, in the process that prints the summary."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._counts: dict[str, Counter[tuple[str, str]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the rows of a test once it is over; its earlier reports hold some of them too."""
        if report.when != "teardown":
            return
        for name, value in report.user_properties:
            if name == PROPERTY:
                title, row = cast("tuple[str, Row]", value)
                self._rows.setdefault(title, []).append(row)
            elif name == COUNTED:
                title, what, column, number = cast("tuple[str, str, str, int]", value)
                counts = self._counts.setdefault(title, Counter())
                for cell in ((what, column), (what, ALL), (ALL, column), (ALL, ALL)):
                    counts[cell] += number

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        """Print every table."""
        width = config.get_terminal_writer().fullwidth
        counted = {title: list(rows_of(counts)) for title, counts in self._counts.items()}
        for title, rows in sorted((self._rows | counted).items()):
            terminalreporter.section(title, sep="-")
            for line in lines(rows, width):
                terminalreporter.write_line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Collect rows where the summary is printed: not in the workers of xdist."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Tables())


def rows_of(counts: Counter[tuple[str, str]]) -> Iterator[Row]:
    """Yield the rows of a tally, in alphabetical order, with what is counted in all as the last row and column."""
    rows, columns = (sorted({cell[place] for cell in counts} - {ALL}) for place in (0, 1))
    for row in [*rows, ALL]:
        cells = {column: str(counts[row, column] or "") for column in [*columns, ALL]}
        yield {"what": row, **{column: cell.rjust(len(column)) for column, cell in cells.items()}}


def lines(rows: Iterable[Row], width: int) -> list[str]:
    """Return a table as lines: a head, then the rows in columns; the last column wrapped to `width`."""
    rows = list(rows)
    *columns, last = list(dict.fromkeys(name for row in rows for name in row))
    widths = [max(len(name), *(len(row.get(name, "")) for row in rows)) for name in columns]
    room = max(NARROWEST, width - sum(widths) - 2 * len(widths))
    printed = []
    for row in ({name: name.replace("_", " ") for name in [*columns, last]}, *rows):
        lead = "".join(row.get(name, "").ljust(size + 2) for name, size in zip(columns, widths, strict=True))
        first, *more = textwrap.wrap(row.get(last, ""), room) or [""]
        printed += [(lead + first).rstrip(), *(" " * len(lead) + line for line in more)]
    return printed
