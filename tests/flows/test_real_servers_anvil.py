"""The main job on anvil, with the folder store and with Kubo."""

from collections.abc import Iterator

import pytest

from tests.flows.founded import Founded, founded_on
from tests.flows.grounds import AnvilGround
from tests.flows.journey import Journey
from tests.flows.journey_tests import JourneyTests
from tests.servers.anvil import Anvil

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnvilGround]:
    with Anvil(tmp_path_factory.mktemp("anvil")) as anvil:
        yield AnvilGround(anvil)


@pytest.fixture(scope="module")
def founded(ground: AnvilGround, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded_on(ground, tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture(scope="module", params=["folder", "kubo"])
def journey(request: pytest.FixtureRequest, founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    return founded.travel(tmp_path_factory.mktemp("journey"), kubo=request.param == "kubo")


class TestOnAnvil(JourneyTests):
    """All of them."""
