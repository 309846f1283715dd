"""Anvil behind the chain port."""

from collections.abc import Iterator

import pytest

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from tests.chain.chain_contract import ExecutingContract, ReadingContract
from tests.chain.chain_contract_outage import Outage, OutageContract
from tests.chain.chain_contract_registries import Established, RegistriesContract
from tests.chain.chain_contract_sending import SendingContract
from tests.chain.site import Site
from tests.consortium import PLAN
from tests.servers.anvil import Anvil


@pytest.fixture(scope="module")
def site(anvil: Anvil) -> Iterator[Site]:
    chain = Chain.http(anvil.rpc)
    yield Site(chain)
    chain.close()


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outage]:
    with Anvil(tmp_path_factory.mktemp("outage")) as node:
        chain = Chain.http(node.rpc)
        yield Outage(Site(chain), node.stop, node.start)
        chain.close()


@pytest.fixture(scope="module")
def established(site: Site) -> Established:
    keys = ConsortiumKeys.generate(PLAN)
    return establish(site.chain, PLAN, keys), keys


class TestReading(ReadingContract):
    states_first_header = False
    zero_is_absent = False


class TestExecuting(ExecutingContract):
    pass


class TestSending(SendingContract):
    checks_chain = False


class TestRegistries(RegistriesContract):
    pass


class TestOutage(OutageContract):
    pass
