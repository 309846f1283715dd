"""The main job on the embedded chain, with the folder store and with Kubo."""

import pytest

from tests.flows.founded import Founded, founded_on
from tests.flows.grounds import EmbeddedGround
from tests.flows.journey import Journey
from tests.flows.journey_tests import JourneyTests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def ground() -> EmbeddedGround:
    return EmbeddedGround()


@pytest.fixture(scope="module")
def founded(ground: EmbeddedGround, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded_on(ground, tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture(scope="module", params=["folder", "kubo"])
def journey(request: pytest.FixtureRequest, founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    return founded.travel(tmp_path_factory.mktemp("journey"), kubo=request.param == "kubo")


class TestOnEmbedded(JourneyTests):
    """All of them."""
