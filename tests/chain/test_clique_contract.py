"""Three geth signers behind the chain port."""

from collections.abc import Iterator

import pytest

from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.transaction import await_receipt
from tests.chain.chain_contract import ExecutingContract, ReadingContract
from tests.chain.chain_contract_outage import Outage, OutageContract
from tests.chain.chain_contract_registries import Established, RegistriesContract
from tests.chain.chain_contract_sending import SendingContract
from tests.chain.contracts import words
from tests.chain.site import Sender, Site
from tests.consortium import PLAN
from tests.servers.clique import CliqueNetwork
from tests.servers.rpc import ask

DEPTH = 3  # a block with two of three signers after its own on top of it is not replaced


@pytest.fixture(scope="module")
def site(clique: CliqueNetwork) -> Iterator[Site]:
    chain = Chain.http(clique.rpc[0])
    yield Site(chain, DEPTH)
    chain.close()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CliqueNetwork]:
    with CliqueNetwork(tmp_path_factory.mktemp("outage")) as network:
        yield network


@pytest.fixture(scope="module")
def outage(own: CliqueNetwork) -> Iterator[Outage]:
    """The node that we ask stops; the other two go on."""
    chain = Chain.http(own.rpc[0])
    yield Outage(Site(chain, DEPTH), lambda: own.stop_node(0), lambda: own.start_node(0))
    chain.close()


@pytest.fixture(scope="module")
def established(site: Site) -> Established:
    keys = ConsortiumKeys.generate(PLAN)
    network = establish(site.chain, PLAN, keys)
    site.settle()  # the tests read at the head, from which a replaced block would take it back
    return network, keys


class TestReading(ReadingContract):
    pass


class TestExecuting(ExecutingContract):
    pass


class TestSending(SendingContract):
    largest = 128 * 1024


class TestRegistries(RegistriesContract):
    pass


class TestOutage(OutageContract):
    pass


def test_what_one_node_takes_is_mined_by_the_others(own: CliqueNetwork) -> None:
    """A price of zero travels, because tests/servers/geth_node.py lets every node take it from others too."""
    chains = [Chain.http(url) for url in own.rpc]
    own.nodes[0].rest()
    mined = [Sender(chains[0]).send(bytes([turn])) for turn in range(5)]
    receipts = [await_receipt(chains[1], one) for one in mined]
    authors = {ask(own.rpc[1], "clique_getSigner", hex(receipt.block_number)) for receipt in receipts}
    assert authors <= {signer.lower() for signer in own.signers[1:]}
    own.nodes[0].sign()
    for chain in chains:
        chain.close()


def test_all_nodes_stopped_and_started_go_on(own: CliqueNetwork) -> None:
    chain = Chain.http(own.rpc[2])
    site = Site(chain, DEPTH)
    before = site.done(words(1, 5), site.store)
    own.stop()
    own.start()
    assert chain.receipt(before.transaction_hash) == before
    assert site.done(words(1, 6), site.store).succeeded
    chain.close()
