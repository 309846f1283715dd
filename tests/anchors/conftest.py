"""The folder store and the database that tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.database import Database, upgrade
from anchors.stores import FolderStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[FolderStore]:
    with FolderStore(folder) as store:
        yield store


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Database]:
    """A database with all tables."""
    database = Database.at(tmp_path / "portseal.db")
    upgrade(database)
    yield database
    database.close()
