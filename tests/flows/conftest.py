"""A demonstration node for each module of flows."""

from collections.abc import Iterator

import pytest

from tests.demonstration_node import Api, demonstration_node

pytest.register_assert_rewrite("tests.flows.journey_tests", "tests.flows.intent_flow_tests")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with demonstration_node(tmp_path_factory.mktemp("flows-node")) as api:
        yield api
