"""Members act through another member's node, on anvil."""

from collections.abc import Iterator

import pytest

from tests.flows.grounds import AnvilGround
from tests.flows.intent_flow_tests import IntentFlowTests, Members
from tests.flows.relaying import relaying
from tests.servers.anvil import Anvil

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with (
        Anvil(tmp_path_factory.mktemp("anvil")) as anvil,
        relaying(AnvilGround(anvil), tmp_path_factory.mktemp("relaying")) as members,
    ):
        yield members


class TestOnAnvil(IntentFlowTests):
    """All of them."""
