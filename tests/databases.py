"""The databases that the same tests run on: SQLite in a file, PostgreSQL on a server of the tests' own."""

from collections.abc import Callable
from pathlib import Path

import pytest

Address = Callable[[Path], str]
"""Returns a folder's database: the same one for the same folder, with all tables or to be given them."""

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.node)]


def addresses(request: pytest.FixtureRequest, name: str) -> Address:
    """Return the addresses of databases of one kind."""
    if name == "sqlite":
        return sqlite
    server = request.getfixturevalue("postgresql")
    made: dict[Path, str] = {}

    def address(folder: Path) -> str:
        if folder not in made:
            made[folder] = server.migrated()
        return made[folder]

    return address


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'portseal.db'}"
