"""A demonstration node for each module: nothing of one goes on while another is tested."""

from collections.abc import Iterator

import pytest

from tests.demonstration_node import Api, demonstration_node


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with demonstration_node(tmp_path_factory.mktemp("node")) as api:
        yield api
