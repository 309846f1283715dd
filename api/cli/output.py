"""What the command line prints: text for people, JSON with --json; errors and progress go to stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from api.cli import closed_pipe
from ledger.errors import PortsealError

_PIPED_WIDTH = 120


class _Console(Console):
    def on_broken_pipe(self) -> None:
        # rich would end with 1, which says of a document that it is invalid.
        closed_pipe.give_up_output()
        raise SystemExit(closed_pipe.EXIT)


out = _Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
err = _Console(stderr=True, highlight=False)


def as_json(value: Any) -> None:
    """Print `value` as JSON, nothing else."""
    try:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        out.on_broken_pipe()


def line(text: str, style: str | None = None) -> None:
    """Print one line for people; `text` is never read as markup."""
    out.print(text, style=style, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Print a line about what is going on, to stderr."""
    err.print(text, style="dim", markup=False, soft_wrap=True)


def fields(pairs: Iterable[tuple[str, object]]) -> None:
    """Print names and values, a line each."""
    rows = [(name, str(value)) for name, value in pairs if value not in (None, "", [])]
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        line(f"{name:<{width}}  {value}")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table."""
    grid = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*(_cell(value) for value in row))
    out.print(grid)


def yes(value: bool) -> str:
    """Return the word for it."""
    return "yes" if value else "no"


def error(problem: PortsealError) -> None:
    """Print what is wrong, where, and what to do."""
    where = f" at {problem.pointer}" if problem.pointer else ""
    err.print(f"{problem.code}{where}: {problem.detail}", style="red", markup=False, soft_wrap=True)
    if problem.mend:
        err.print(f"What to do: {problem.mend}", markup=False, soft_wrap=True)


def _cell(value: object) -> str:
    return str(value).replace("[", "\\[")
