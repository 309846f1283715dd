"""The folder store and the database that tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.database import Database, upgrade
from anchors.stores import FolderStore
from tests.anchors import pipeline_node
from tests.databases import BOTH, addresses, sqlite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[FolderStore]:
    with FolderStore(folder) as store:
        yield store


@pytest.fixture(params=BOTH)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    return sqlite(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgresql").new())


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A database without tables, of either kind."""
    database = Database(address)
    yield database
    database.close()


@pytest.fixture(params=BOTH)
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with all tables, of either kind."""
    database = Database(addresses(request, request.param)(tmp_path))
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="module", params=BOTH)
def on_each_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run a module on both: `pytestmark = pytest.mark.usefixtures("on_each_database")`; its nodes keep to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline_node, "address", addresses(request, request.param))
        yield
