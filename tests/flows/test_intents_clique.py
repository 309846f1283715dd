"""Members act through another member's node, on three geth that sign by Clique."""

from collections.abc import Iterator

import pytest

from tests.flows.grounds import CliqueGround
from tests.flows.intent_flow_tests import IntentFlowTests, Members
from tests.flows.relaying import relaying
from tests.servers.clique import CliqueNetwork

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with (
        CliqueNetwork(tmp_path_factory.mktemp("clique")) as network,
        relaying(CliqueGround(network), tmp_path_factory.mktemp("relaying")) as members,
    ):
        yield members


class TestOnClique(IntentFlowTests):
    """All of them."""
