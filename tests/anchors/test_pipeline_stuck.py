"""Transactions that stay unmined, and those that no node takes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from anchors.database import TransactionState
from anchors.pipeline import broadcast, confirm, sign
from ledger.chain import Chain
from ledger.errors import Refused
from tests.anchors.lying_node import LyingNode
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import final_once
from tests.anchors.transaction_rows import LATER, pass_time, replaced, rows, signed, use_nonce
from tests.consortium import Consortium
from tests.own_logs import own_logs


@pytest.fixture
def wire(consortium: Consortium) -> LyingNode:
    return LyingNode(consortium.chain.transport)


@pytest.fixture
def node(consortium: Consortium, wire: LyingNode, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node", Chain(wire)) as node:
        yield node


def fund(wire: LyingNode) -> None:
    wire.lies["eth_getBalance"] = lambda params, honest: hex(10**18)


def test_what_stays_unmined_is_signed_again_with_a_higher_price(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    fund(wire)
    wire.swallows = True
    node.step(broadcast.step)
    for _ in range(3):
        pass_time(node)
        node.step(broadcast.step)
    [row] = rows(node)
    assert row.gas_price == 2, "after 40 s, not after 80, after 120 s: each pause is twice the one before"
    assert sorted(one.gas_price for one in replaced(node)) == [0, 1]
    assert {one.hash for one in replaced(node)}.isdisjoint({row.hash})
    assert node.record(digests[0]).transaction_hash == row.hash
    # The embedded chain takes no price, and the account has no money: what is mined is the oldest of them.
    node.consortium.chain.send(wire.sent[0])
    wire.swallows = False
    final_once(node, digests)
    [row] = rows(node)
    assert (row.gas_price, row.raw) == (0, wire.sent[0])
    assert sorted(one.gas_price for one in replaced(node)) == [1, 2]


def test_an_account_without_money_sends_the_same_bytes_and_says_so(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    wire.swallows = True
    node.step(broadcast.step)
    pass_time(node)
    with own_logs() as logs:
        node.step(broadcast.step)
    assert [(one["event"], one["code"]) for one in logs] == [("stuck transaction", "chain.funds")]
    assert len(wire.sent) == 2
    assert len(set(wire.sent)) == 1
    wire.swallows = False
    final_once(node, digests)


def test_a_chain_that_stands_still_makes_nothing_stuck(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    fund(wire)
    wire.swallows = True
    node.step(broadcast.step)
    node.consortium.clock.advance(10 * LATER)
    node.step(broadcast.step)
    assert replaced(node) == []
    assert len(set(wire.sent)) == 1
    wire.swallows = False
    final_once(node, digests)


def test_only_the_next_one_of_the_account_is_stuck(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 3)
    fund(wire)
    wire.swallows = True
    node.step(broadcast.step)
    pass_time(node)
    node.step(broadcast.step)
    assert [row.gas_price for row in rows(node)] == [1, 0, 0]
    node.consortium.chain.send(wire.sent[0])
    wire.swallows = False
    final_once(node, digests)


def test_all_bytes_of_a_replaced_one_displaced(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    fund(wire)
    wire.swallows = True
    node.step(broadcast.step)
    pass_time(node)
    node.step(broadcast.step)
    use_nonce(node, rows(node)[0])
    assert node.step(confirm.step) == 1
    assert rows(node)[0].state == TransactionState.DISPLACED
    wire.swallows = False
    final_once(node, digests)


def test_a_price_is_never_above_the_ceiling(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    fund(wire)
    wire.swallows = True
    node.step(broadcast.step)
    pass_time(node)
    limits = replace(node.resources.limits, gas_price_ceiling=0)
    with own_logs() as logs:
        node.step(broadcast.step, limits=limits)
    assert [(one["event"], one["code"]) for one in logs] == [("stuck transaction", "chain.fee-ceiling")]
    wire.swallows = False
    final_once(node, digests)


# --- what no node takes


def refusing(wire: LyingNode, text: str) -> None:
    honest = wire._transport

    def transport(method: str, params: list[object]) -> dict[str, object]:
        if method == "eth_sendRawTransaction":
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": text}}
        return honest(method, params)

    wire._transport = transport


@pytest.mark.parametrize(
    ("text", "code", "alarms"),
    [
        ("Sender account not authorized to send transactions", "chain.sender", True),
        ("oversized data", "chain.size", True),
        ("insufficient funds for gas * price + value", "chain.funds", True),
        ("txpool is full", "chain.pool-full", False),
        ("Initial sync is still in progress", "chain.not-ready", False),
        ("nonce too high", "chain.nonce-gap", False),
        ("replacement transaction underpriced", "chain.replacement", False),
        ("transaction underpriced", "chain.fee", False),
        ("something new", "chain.not-sent", False),
    ],
)
def test_what_no_node_takes_holds_up_no_other_and_goes_again(
    node: PipelineNode, wire: LyingNode, text: str, code: str, alarms: bool
) -> None:
    node.consortium.clock.advance(1)
    digests = signed(node, 2)
    honest = wire._transport
    refusing(wire, text)
    with own_logs() as logs, pytest.raises(Exception, match=code.replace(".", r"\.")):
        node.step(broadcast.step)
    assert len(wire.sent) == 2, "the second was tried too"
    assert ("transaction refused" in [one["event"] for one in logs]) is alarms
    assert node.step(broadcast.step) == 0, "not again at once"
    assert len(wire.sent) == 2
    assert {row.state for row in rows(node)} == {TransactionState.SIGNED}
    wire._transport = honest
    node.consortium.clock.advance(10)
    final_once(node, digests)
    assert len(set(wire.sent)) == 2


def test_what_needs_more_gas_by_now_is_signed_anew(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    honest = wire._transport
    refusing(wire, "intrinsic gas too low")
    wire.lies["eth_estimateGas"] = lambda params, stated: hex(2 * int(stated, 16))
    before = rows(node)[0].hash
    with pytest.raises(Refused, match=r"chain\.gas"):
        node.step(broadcast.step)
    [row] = rows(node)
    assert row.hash != before
    assert [one.hash for one in replaced(node)] == [before]
    assert node.step(sign.step) == 0
    wire._transport = honest
    wire.lies.clear()
    final_once(node, digests)
