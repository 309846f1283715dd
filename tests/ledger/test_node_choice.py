"""A network file with several nodes, some of which do not answer, or are on another chain."""

import dataclasses
import threading
import time
from typing import Any

import pytest

from ledger.chain import Chain, Transport
from ledger.errors import Refused, Unavailable
from ledger.network import Network
from ledger.network_guard import NetworkGuard
from ledger.node_choice import NodeChoice
from tests.consortium import Consortium


class Node:
    """A node of the chain that can be switched off, and may be exchanged for another one."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.fault: str | None = None
        self.asked = 0

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        self.asked += 1
        if self.fault:
            raise Unavailable(self.fault, "the node is away")
        return self.transport(method, params)


@pytest.fixture
def nodes(consortium: Consortium) -> list[Node]:
    return [Node(consortium.chain.transport) for _ in range(3)]


def chain_of(nodes: list[Node], network: Network) -> Chain:
    return Chain(NodeChoice([NetworkGuard(node, network) for node in nodes]))


@pytest.mark.parametrize("fault", ["chain.connection", "chain.timeout", "chain.http"])
def test_the_next_one_is_asked_and_stays(consortium: Consortium, nodes: list[Node], fault: str) -> None:
    chain, head = chain_of(nodes, consortium.network), consortium.chain.head()
    assert chain.head() == head
    assert [node.asked > 0 for node in nodes] == [True, False, False]
    nodes[0].fault = fault
    assert chain.head() == head
    asked = nodes[0].asked
    nodes[0].fault = None
    assert chain.head() == head
    assert (nodes[0].asked, nodes[2].asked) == (asked, 0)
    nodes[1].fault = nodes[2].fault = fault
    assert chain.head() == head


def test_none_answers(consortium: Consortium, nodes: list[Node]) -> None:
    for node, fault in zip(nodes, ("chain.timeout", "chain.http", "chain.connection"), strict=True):
        node.fault = fault
    with pytest.raises(Unavailable, match=r"chain\.timeout"):
        chain_of(nodes, consortium.network).head()
    nodes[2].fault = None
    assert chain_of(nodes, consortium.network).head() == consortium.chain.head()


def test_what_the_chain_itself_says_is_not_asked_twice(consortium: Consortium, nodes: list[Node]) -> None:
    chain = chain_of(nodes, consortium.network)
    with pytest.raises(Refused):
        chain.call(consortium.network.contracts["IssuerRegistry"].address, b"\x01\x02\x03\x04")
    assert (nodes[1].asked, nodes[2].asked) == (0, 0)


def test_a_node_of_another_chain_is_passed_over(consortium: Consortium, nodes: list[Node]) -> None:
    elsewhere = _with_genesis(consortium.chain.transport, "0x" + "11" * 32)
    nodes[0].transport = elsewhere
    chain = chain_of(nodes, consortium.network)
    consortium.network.check(chain)
    assert chain.head() == consortium.chain.head()
    nodes[1].transport = nodes[2].transport = elsewhere
    nodes[1].fault = "chain.connection"
    with pytest.raises(Unavailable):
        chain.head()
    nodes[1].fault = None
    with pytest.raises(Unavailable, match=r"chain\.other-network"):
        chain.head()


def test_a_node_that_comes_back_with_another_chain_gives_no_answers(consortium: Consortium, nodes: list[Node]) -> None:
    """Reset during an outage: a new chain with the same id, as anvil or a restored disk may be."""
    [node] = nodes[:1]
    chain = chain_of([node], consortium.network)
    assert chain.head() == consortium.chain.head()
    node.fault = "chain.connection"
    with pytest.raises(Unavailable):
        chain.head()
    node.fault, node.transport = None, _with_genesis(consortium.chain.transport, "0x" + "22" * 32)
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"chain\.other-network"):
            chain.head()
    node.transport = consortium.chain.transport
    assert chain.head() == consortium.chain.head()


def test_a_node_that_turns_to_another_chain_id_is_not_signed_for(consortium: Consortium, nodes: list[Node]) -> None:
    chain = chain_of(nodes[:1], consortium.network)
    assert chain.head() == consortium.chain.head()
    honest = nodes[0].transport
    nodes[0].transport = lambda method, params: {"result": "0x1"} if method == "eth_chainId" else honest(method, params)
    with pytest.raises(Unavailable, match=r"chain\.other-network"):
        _ = chain.chain_id
    nodes[0].transport = honest
    assert chain.chain_id == consortium.network.chain_id


def test_other_code_at_the_addresses_gives_no_answers(consortium: Consortium, nodes: list[Node]) -> None:
    wrong = {
        name: dataclasses.replace(one, code_hash=b"\x01" * 32) for name, one in consortium.network.contracts.items()
    }
    chain = chain_of(nodes, dataclasses.replace(consortium.network, contracts=wrong))
    with pytest.raises(Refused, match=r"network\.code"):
        chain.head()


def _with_genesis(transport: Transport, digest: str) -> Transport:
    def request(method: str, params: list[Any]) -> dict[str, Any]:
        response = transport(method, params)
        if method == "eth_getBlockByNumber" and params[0] == "0x0":
            return {**response, "result": {**response["result"], "hash": digest}}
        return response

    return request


def test_asking_for_the_chains_id_and_looking_at_the_node_do_not_block_each_other(consortium: Consortium) -> None:
    guard = NetworkGuard(consortium.chain.transport, consortium.network)
    looks = threading.Thread(target=Chain(guard).head, daemon=True)

    def meanwhile(method: str, params: list[Any]) -> dict[str, Any]:
        looks.start()
        time.sleep(0.3)
        return guard(method, params)

    asks = threading.Thread(target=lambda: Chain(meanwhile).chain_id, daemon=True)
    asks.start()
    asks.join(60)
    looks.join(60)
    assert not asks.is_alive()
    assert not looks.is_alive()
