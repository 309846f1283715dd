"""A pipeline whose nodes are behind proxies, under load while they are spoiled."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from anchors.pipeline.registration import Accepted
from anchors.pipeline.worker import Worker, is_idle
from ledger.chain import Chain
from ledger.errors import Unavailable
from ledger.http_transport import HttpTransport
from ledger.network_guard import NetworkGuard
from ledger.node_choice import NodeChoice
from ledger.rosters import Rosters
from ledger.witnesses import Witnesses
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import final_once
from tests.anchors.real_chain import with_finality
from tests.consortium import Consortium
from tests.faults.proxy import Proxy

TIMEOUT = 1.0
MOST_DOCUMENTS = 2_000


@dataclass
class ProxiedNode:
    """The pipeline and its proxies; `accepted`: what was promised to be anchored."""

    node: PipelineNode
    proxies: Sequence[Proxy]
    accepted: list[bytes] = field(default_factory=list)

    def load(self, seconds: float) -> None:
        """Register documents as long as that; what is not accepted was not promised."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and len(self.accepted) < MOST_DOCUMENTS:
            registrations = [self.node.registration() for _ in range(2)]
            for result in self.node.registrar.accept(registrations):
                assert isinstance(result, Accepted | Unavailable), result
                if isinstance(result, Accepted):
                    self.accepted.append(result.digest)
            time.sleep(0.1)

    def warm_up(self) -> None:
        """Read once what is read only once, such as who may cosign."""
        self.load(0.2)
        self.drain(60.0)

    def drain(self, seconds: float) -> float:
        """Wait until all is final; return how long that took."""
        begun = time.monotonic()
        while not is_idle(self.node.database):
            assert time.monotonic() < begun + seconds, "documents are still on their way"
            time.sleep(0.05)
        return time.monotonic() - begun

    def mend(self) -> None:
        for proxy in self.proxies:
            proxy.mend()

    def check(self) -> None:
        assert self.accepted
        final_once(self.node, self.accepted)

    @property
    def struck(self) -> int:
        return sum(proxy.struck.total() for proxy in self.proxies)


@contextmanager
def proxied(consortium: Consortium, rpc: Sequence[str], directory: Path, seed: int) -> Iterator[ProxiedNode]:
    """A node with a proxy before each of the chain's nodes at `rpc`; its worker runs."""
    with ExitStack() as stack:
        proxies = [stack.enter_context(Proxy(url, seed + place, hold=2 * TIMEOUT)) for place, url in enumerate(rpc)]
        transports = [HttpTransport(proxy.url, TIMEOUT) for proxy in proxies]
        for transport in transports:
            stack.callback(transport.close)
        guarded = [NetworkGuard(transport, consortium.network) for transport in transports]
        choice = NodeChoice(guarded)
        # Nodes of one consortium share these; they must not read them through a proxy that is gone.
        vars(consortium).setdefault("rosters", Rosters(consortium.registries.authority))
        node = stack.enter_context(opened(consortium, directory, Chain(choice)))
        with_finality(node)
        witnesses = Witnesses([Chain(one) for one in guarded], choice.leave)
        limits = replace(node.resources.limits, resend_seconds=1, stuck_seconds=5, sweep_seconds=2)
        node.resources = replace(node.resources, nodes=witnesses, limits=limits)
        worker = Worker(node.resources)
        worker.start()
        stack.callback(worker.stop)
        yield ProxiedNode(node, proxies)
