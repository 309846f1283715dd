"""The node of China's customs on a chain, for members who have none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ledger.chain import Chain
from ledger.finality.form import Clique
from ledger.network import Network
from tests.api.signing import Signing
from tests.faults.node_process import NodeProcess
from tests.flows.founded import founded_on
from tests.flows.grounds import Ground
from tests.flows.intent_flow_tests import Members


@contextmanager
def relaying(ground: Ground, directory: Path) -> Iterator[Members]:
    """Found the consortium, and run the node in a process of its own until the block ends."""
    founded = founded_on(ground, directory / "home")
    node = NodeProcess(founded.home)
    node.start()
    try:
        node.await_ready()
        network = Network.read(founded.home / "network.json")
        chain = Chain(_Through(node, ground))
        with httpx.Client(base_url=node.address, timeout=60, trust_env=False) as http:
            # Clique replaces its newest block at times.
            depth = 1 if isinstance(ground.finality, Clique) else 0
            keys = founded.established.keys
            yield Members(Signing(http, network.registries(chain), network.chain_id, keys, depth), node, ground)
    finally:
        node.kill()


class _Through:
    """The chain as it is reached now: the embedded one has another address after each start of our node."""

    def __init__(self, node: NodeProcess, ground: Ground) -> None:
        self._node = node
        self._ground = ground

    def __call__(self, method: str, params: list[object]) -> dict[str, object]:
        chain = Chain.http(self._ground.rpc[0]) if self._ground.rpc else self._node.chain()
        try:
            return chain.transport(method, params)
        finally:
            chain.close()
