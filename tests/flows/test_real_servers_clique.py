"""The main job on three geth that sign by Clique, with the folder store and with Kubo; and with one signer away."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.client import Client
from api.demonstration.cases import Registered
from api.demonstration.tour import Tour
from ledger.envelope import parse
from tests.faults.node_process import NodeProcess
from tests.flows.founded import Founded, founded_on
from tests.flows.grounds import CliqueGround
from tests.flows.journey import Journey
from tests.flows.journey_tests import JourneyTests, wrong
from tests.servers.clique import CliqueNetwork
from tests.servers.rpc import ask

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueNetwork]:
    with CliqueNetwork(tmp_path_factory.mktemp("clique")) as network:
        yield network


@pytest.fixture(scope="module")
def ground(network: CliqueNetwork) -> CliqueGround:
    return CliqueGround(network)


@pytest.fixture(scope="module")
def founded(ground: CliqueGround, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    return founded_on(ground, tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture(scope="module", params=["folder", "kubo"])
def journey(request: pytest.FixtureRequest, founded: Founded, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    return founded.travel(tmp_path_factory.mktemp("journey"), kubo=request.param == "kubo")


class TestOnClique(JourneyTests):
    """All of them."""


def test_the_signer_that_our_node_asks_is_away(network: CliqueNetwork, founded: Founded, tmp_path: Path) -> None:
    """Our node goes on with the others, and so do they; but three signers make final, and there are two."""
    home = tmp_path / "home"
    shutil.copytree(founded.home, home)
    node = NodeProcess(home)
    tour = Tour(node.address, founded.established)
    node.start()
    try:
        node.await_ready()
        before = tour.register()
        tour.await_final(digests(before))
        network.stop_node(0)
        tour.revoke(digests(before)["revoked"])
        assert wrong(tour.verify(before)) == []
        after = tour.register()
        await_mined(node, after)
        await_blocks(network.rpc[1], 5)
        assert states(node, after) == {"mined"}
        verdict = tour.verify(after)[0][1]
        assert (verdict["authentic"], verdict["usable"]) == ("INDETERMINATE", "PENDING")
        network.start_node(0)
        tour.await_final(digests(after))
        tour.revoke(digests(after)["revoked"])
        assert wrong(tour.verify(after)) == []
        assert node.stop() == 0
    finally:
        node.kill()


def digests(registered: Registered) -> dict[str, str]:
    return {name: parse(envelope).digest.hex() for name, envelope in vars(registered).items()}


def states(node: NodeProcess, registered: Registered) -> set[str]:
    client = Client(node.address)
    return {client.get(f"/v1/documents/{digest}")["state"] for digest in digests(registered).values()}


def await_mined(node: NodeProcess, registered: Registered) -> None:
    deadline = time.monotonic() + 60
    while states(node, registered) != {"mined"}:
        assert time.monotonic() < deadline, states(node, registered)
        time.sleep(0.1)


def await_blocks(rpc: str, count: int) -> None:
    height, deadline = int(ask(rpc, "eth_blockNumber"), 16), time.monotonic() + 60
    while int(ask(rpc, "eth_blockNumber"), 16) < height + count:
        assert time.monotonic() < deadline
        time.sleep(0.2)
