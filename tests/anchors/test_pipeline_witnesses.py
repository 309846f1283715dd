"""Three nodes of one chain, one of which lags, lies or is away: nothing is believed that only one of them says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline import broadcast, confirm, finalize, sign, sweep
from ledger.chain import Chain
from ledger.errors import Unavailable
from ledger.node_choice import NodeChoice
from ledger.witnesses import Witnesses
from tests.anchors.lying_node import LyingNode
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance, final_once
from tests.consortium import Consortium

WORD = "0x" + "ab" * 32


@dataclass
class World:
    """A pipeline, the nodes that it asks, and which of them its reads go to."""

    node: PipelineNode
    nodes: list[LyingNode]
    choice: NodeChoice

    @property
    def transaction(self) -> TransactionRow:
        with self.node.database.read() as session:
            return session.scalars(select(TransactionRow).order_by(TransactionRow.id.desc())).first()  # type: ignore[return-value]

    def state(self) -> State:
        with self.node.database.read() as session:
            return State(session.scalars(select(BatchRow.state).order_by(BatchRow.id.desc())).first() or "")

    def mine(self) -> None:
        self.node.consortium.clock.advance(1)
        self.node.consortium.embedded.mine()


@pytest.fixture(params=[2, 3])
def world(request: pytest.FixtureRequest, consortium: Consortium, tmp_path: Path) -> Iterator[World]:
    """Blocks are made only when a test says so: a lagging node must not bring about a block by asking."""
    nodes = [LyingNode(consortium.embedded.request) for _ in range(request.param)]
    choice = NodeChoice(nodes)
    with opened(consortium, tmp_path / "node", Chain(choice)) as node:
        witnesses = Witnesses([Chain(one) for one in nodes], choice.leave)
        node.resources = replace(node.resources, nodes=witnesses)
        yield World(node, nodes, choice)


def sent(world: World) -> bytes:
    """A document whose transaction waits in the chain's pool."""
    [accepted] = world.node.accept(world.node.registration())
    advance(world.node, State.BROADCAST)
    return accepted.digest


def mined(world: World) -> bytes:
    digest = sent(world)
    world.mine()
    assert world.node.step(confirm.step) == 1
    return digest


def settle(world: World, digest: bytes) -> None:
    """All nodes are honest again: the document is final, once."""
    for one in world.nodes:
        one.lies.clear()
        one.swallows = False
    world.node.consortium.clock.advance(20)
    for step in (broadcast.step, confirm.step, sign.step, broadcast.step):
        world.node.step(step)
        world.mine()
    world.node.step(confirm.step)
    final_once(world.node, [digest])


def quietly(world: World, step: Any) -> int:
    """Make a step; a disagreement moves nothing."""
    try:
        return world.node.step(step)
    except Unavailable:
        return 0


def test_a_receipt_that_only_one_node_has_counts_nothing(world: World) -> None:
    """It names a real block, and the registry says there what the liar wants."""
    digest = sent(world)
    head = world.node.chain.head()
    lie = {"transactionHash": "0x" + world.transaction.hash.hex(), "blockHash": "0x" + head.hash.hex()}
    lie |= {"blockNumber": hex(head.number), "status": "0x1", "gasUsed": "0x1", "contractAddress": None, "logs": []}  # type: ignore[dict-item]
    world.nodes[0].lies = {
        "eth_getTransactionReceipt": lambda params, honest: lie,
        "eth_getBlockByNumber": lambda params, honest: {**honest, "transactions": [lie["transactionHash"]]},
        "eth_call": lambda params, honest: "0x" + "00" * 31 + "01" + "00" * 31 + "01",
    }
    assert quietly(world, confirm.step) == 0
    assert world.transaction.state == TransactionState.BROADCAST
    settle(world, digest)


@pytest.mark.parametrize("liar", [0, 1])
def test_a_mined_one_in_another_block_is_a_disagreement_of_two_and_settled_by_three(world: World, liar: int) -> None:
    digest = sent(world)
    world.mine()
    block = world.node.chain.head()

    def other(params: list[Any], honest: Any) -> Any:
        return {**honest, "hash": WORD} if honest and honest["number"] == hex(block.number) else honest

    def receipt(params: list[Any], honest: Any) -> Any:
        return honest and {**honest, "blockHash": WORD}

    world.nodes[liar].lies = {"eth_getBlockByNumber": other, "eth_getTransactionReceipt": receipt}
    if len(world.nodes) == 2:
        with pytest.raises(Unavailable) as caught:
            world.node.step(confirm.step)
        assert caught.value.code == "chain.disagreement"
        assert WORD[2:] in caught.value.detail
        assert block.hash.hex() in caught.value.detail
    else:
        assert world.node.step(confirm.step) == 1
        assert world.transaction.block_hash == block.hash
    settle(world, digest)


def test_a_null_receipt_of_one_displaces_nothing(world: World) -> None:
    digest = sent(world)
    world.mine()
    world.nodes[0].lies["eth_getTransactionReceipt"] = lambda params, honest: None
    moved = quietly(world, confirm.step)
    assert moved == (len(world.nodes) == 3)
    assert world.transaction.state != TransactionState.DISPLACED
    settle(world, digest)


def test_a_nonce_that_one_says_is_used_displaces_nothing(world: World) -> None:
    digest = sent(world)
    world.nodes[0].lies["eth_getTransactionCount"] = lambda params, honest: hex(10**6)
    assert quietly(world, confirm.step) == 0
    assert world.transaction.state == TransactionState.BROADCAST
    settle(world, digest)


@pytest.mark.parametrize("nonce", [0, 10**6])
def test_a_lie_about_the_nonce_changes_no_nonce(world: World, nonce: int) -> None:
    digest = mined(world)
    used = world.transaction.nonce
    world.nodes[0].lies["eth_getTransactionCount"] = lambda params, honest: hex(nonce)
    later = sent(world)
    assert world.transaction.nonce == used + 1
    settle(world, digest)
    settle(world, later)


def test_a_node_that_lags_un_mines_nothing_and_finalises_nothing(world: World) -> None:
    world.nodes[0].stand_still()
    digest = sent(world)
    world.mine()
    assert world.node.step(confirm.step) == (len(world.nodes) == 3)
    for one in world.nodes[1:]:
        one.lies.clear()
    world.choice.leave(0)
    world.node.finality.collect()
    assert quietly(world, finalize.step) == (len(world.nodes) == 3)
    world.node.consortium.clock.advance(20)
    assert quietly(world, sweep.step) == 0
    assert world.state() == (State.FINAL if len(world.nodes) == 3 else State.BROADCAST)
    settle(world, digest)


def test_a_block_that_one_says_has_left_stays(world: World) -> None:
    digest = mined(world)
    world.node.finality.collect()

    def another(params: list[Any], honest: Any) -> Any:
        return honest and {**honest, "hash": WORD}

    world.nodes[0].lies["eth_getBlockByNumber"] = another
    moved = quietly(world, finalize.step)
    assert world.state() == (State.FINAL if moved else State.MINED)
    world.node.consortium.clock.advance(20)
    assert quietly(world, sweep.step) == 0
    assert world.transaction.state == TransactionState.MINED
    settle(world, digest)
    world.nodes[-1].lies["eth_getBlockByNumber"] = another
    world.node.consortium.clock.advance(20)
    assert quietly(world, sweep.step) == 0
    assert world.state() == State.FINAL


def test_one_that_swallows_what_it_is_sent(world: World) -> None:
    world.nodes[0].swallows = True
    digest = sent(world)
    world.mine()
    assert world.node.step(confirm.step) == 1
    settle(world, digest)


def test_of_two_one_away_moves_no_state_and_of_three_all_goes_on(world: World) -> None:
    def away(params: list[Any], honest: Any) -> Any:
        raise Unavailable("chain.connection", "away")

    methods = ("eth_getBlockByNumber", "eth_getTransactionReceipt", "eth_getTransactionCount", "eth_getBlockByHash")
    world.nodes[0].lies = dict.fromkeys(methods, away)
    digest = sent(world)
    world.mine()
    assert quietly(world, confirm.step) == (len(world.nodes) == 3)
    settle(world, digest)
