"""The embedded chain behind the chain port, over HTTP and with blocks made by the clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from tests.chain.chain_contract import ExecutingContract, ReadingContract
from tests.chain.chain_contract_outage import Outage, OutageContract
from tests.chain.chain_contract_registries import Established, RegistriesContract
from tests.chain.chain_contract_sending import SendingContract
from tests.chain.site import Site
from tests.consortium import PLAN


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with EmbeddedChain.open(tmp_path_factory.mktemp("embedded")) as embedded:
        embedded.start()
        server = RpcServer(embedded)
        server.start()
        chain = Chain.http(server.url)
        yield Site(chain)
        chain.close()
        server.close()


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    node = Restarted(tmp_path_factory.mktemp("outage"))
    chain = Chain.http(node.server.url)
    yield Outage(Site(chain), node.stop, node.start)
    chain.close()
    node.stop()


class Restarted:
    """An embedded chain with its server, both closed and opened again."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = 0
        self.start()

    def start(self) -> None:
        self.embedded = EmbeddedChain.open(self.directory)
        self.embedded.start()
        self.server = RpcServer(self.embedded, self.port)
        self.server.start()
        self.port = int(self.server.url.rpartition(":")[2])

    def stop(self) -> None:
        self.server.close()
        self.embedded.close()


@pytest.fixture(scope="module")
def established(site: Site) -> Established:
    keys = ConsortiumKeys.generate(PLAN)
    return establish(site.chain, PLAN, keys), keys


class TestReading(ReadingContract):
    pass


class TestExecuting(ExecutingContract):
    pass


class TestSending(SendingContract):
    largest = 4 << 20


class TestRegistries(RegistriesContract):
    pass


class TestOutage(OutageContract):
    pass
