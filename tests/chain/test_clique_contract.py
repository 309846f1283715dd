"""Three geth signers behind the chain port."""

from collections.abc import Iterator

import pytest

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from tests.chain.chain_contract import ExecutingContract, ReadingContract
from tests.chain.chain_contract_registries import Established, RegistriesContract
from tests.chain.chain_contract_sending import SendingContract
from tests.chain.site import Site
from tests.consortium import PLAN
from tests.servers.clique import CliqueNetwork

DEPTH = 3  # a block with two of three signers after its own on top of it is not replaced


@pytest.fixture(scope="module")
def site(clique: CliqueNetwork) -> Iterator[Site]:
    chain = Chain.http(clique.rpc[0])
    yield Site(chain, DEPTH)
    chain.close()


@pytest.fixture(scope="module")
def established(site: Site) -> Established:
    keys = ConsortiumKeys.generate(PLAN)
    return establish(site.chain, PLAN, keys), keys


class TestReading(ReadingContract):
    pass


class TestExecuting(ExecutingContract):
    pass


class TestSending(SendingContract):
    largest = 128 * 1024


class TestRegistries(RegistriesContract):
    pass
