"""The embedded chain behind the chain port, over HTTP and with blocks made by the clock."""

from collections.abc import Iterator

import pytest

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.embedded import EmbeddedChain
from ledger.embedded.server import RpcServer
from tests.chain.chain_contract import ExecutingContract, ReadingContract
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
