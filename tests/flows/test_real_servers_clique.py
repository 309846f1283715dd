"""The main job on three geth that sign by Clique, with the folder store and with Kubo."""

from collections.abc import Iterator

import pytest

from tests.flows.founded import Founded, founded_on
from tests.flows.grounds import CliqueGround
from tests.flows.journey import Journey
from tests.flows.journey_tests import JourneyTests
from tests.servers.clique import CliqueNetwork

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueGround]:
    with CliqueNetwork(tmp_path_factory.mktemp("clique")) as clique:
        yield CliqueGround(clique)


@pytest.fixture(scope="module")
def founded(ground: CliqueGround, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded_on(ground, tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture(scope="module", params=["folder", "kubo"])
def journey(request: pytest.FixtureRequest, founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    return founded.travel(tmp_path_factory.mktemp("journey"), kubo=request.param == "kubo")


class TestOnClique(JourneyTests):
    """All of them."""
