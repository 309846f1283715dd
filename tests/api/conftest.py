"""A demonstration node for each module, nothing of which goes on while another is tested; and a device at its gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger import failpoint
from tests.demonstration_node import Api, demonstration_node

if TYPE_CHECKING:
    from tests.api.gate_case import Gate


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with demonstration_node(tmp_path_factory.mktemp("node")) as api:
        yield api


@pytest.fixture(scope="module")
def gate_documents(api: Api, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    """Two final documents of the module's own: digest, and evidence as a file."""
    # Imported here: what registers documents is a test module, which asks for the node above.
    from tests.api.gate_case import document

    folder = tmp_path_factory.mktemp("documents")
    return [document(api, folder, f"{folder.name[-12:].upper()}-{n}") for n in range(2)]


@pytest.fixture
def gate(api: Api, gate_documents: list[tuple[str, Path]], tmp_path: Path) -> Iterator[Gate]:
    """A device that has never had a pack; what a test armed is disarmed when it ends."""
    from tests.api.gate_case import Gate

    yield Gate(api, tmp_path, gate_documents)
    failpoint.arm({})
