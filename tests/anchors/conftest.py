"""The folder store that tests of stores share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.stores import FolderStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[FolderStore]:
    with FolderStore(folder) as store:
        yield store
