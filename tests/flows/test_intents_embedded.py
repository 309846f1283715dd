"""Members act through another member's node, on the embedded chain."""

from collections.abc import Iterator

import pytest

from tests.flows.grounds import EmbeddedGround
from tests.flows.intent_flow_tests import IntentFlowTests, Members
from tests.flows.relaying import relaying

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    with relaying(EmbeddedGround(), tmp_path_factory.mktemp("relaying")) as members:
        yield members


class TestOnEmbedded(IntentFlowTests):
    """All of them."""
