"""Nonces that are missing, used by others, or given back by a reorganisation; transactions that stay unmined."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from anchors.database import State, TransactionState
from anchors.database.models import BatchRow, ReplacedTransactionRow, TransactionRow
from anchors.pipeline import broadcast, confirm, gap, sign, sweep
from ledger.chain import Chain
from ledger.errors import Refused
from ledger.transaction import Call
from ledger.transaction import sign as sign_call
from tests.anchors.lying_node import LyingNode
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance, final_once
from tests.consortium import Consortium

LATER = 40
"""Seconds: more than what makes a transaction stuck."""


@pytest.fixture
def wire(consortium: Consortium) -> LyingNode:
    return LyingNode(consortium.chain.transport)


@pytest.fixture
def node(consortium: Consortium, wire: LyingNode, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node", Chain(wire)) as node:
        yield node


def rows(node: PipelineNode) -> list[TransactionRow]:
    with node.database.read() as session:
        return list(session.scalars(select(TransactionRow).order_by(TransactionRow.nonce)))


def signed(node: PipelineNode, count: int) -> list[bytes]:
    """Documents, each in a transaction of its own that waits."""
    digests = []
    for _ in range(count):
        digests += [one.digest for one in node.accept(node.registration())]
        advance(node, State.SIGNED)
    return digests


def lose(node: PipelineNode, row: TransactionRow) -> None:
    """Forget a transaction, as a table that lost a row has; its batch waits to be signed."""
    with node.database.write() as session:
        freed = update(BatchRow).where(BatchRow.transaction_id == row.id)
        session.execute(freed.values(state=State.BATCHED, transaction_id=None))
        session.delete(session.get_one(TransactionRow, row.id))


def pass_time(node: PipelineNode) -> None:
    """Let the chain make a block later than anything is patient for."""
    node.consortium.clock.advance(LATER)
    node.consortium.embedded.mine()


# --- gaps


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_nonce_is_filled(node: PipelineNode, lost: int) -> None:
    digests = signed(node, 3)
    missing = rows(node)[lost]
    lose(node, missing)
    assert node.step(gap.step) == 0, "not before the chain has made a block long after"
    pass_time(node)
    with capture_logs() as logs:
        assert node.step(gap.step) == 1
    assert [(one["event"], one["nonce"]) for one in logs] == [("nonce gap filled", missing.nonce)]
    assert node.step(gap.step) == 0
    final_once(node, digests)
    [filler] = [row for row in rows(node) if row.nonce == missing.nonce]
    assert filler.state == TransactionState.MINED
    with node.database.read() as session:
        assert session.scalar(select(BatchRow.id).where(BatchRow.transaction_id == filler.id)) is None


def test_a_lagging_node_causes_no_filling(node: PipelineNode, wire: LyingNode) -> None:
    """It says that a nonce is not used which long is; the row of it is lost."""
    wire.stand_still()
    digests = signed(node, 2)
    for row in rows(node):
        node.consortium.chain.send(row.raw)
    node.consortium.embedded.mine()
    lose(node, rows(node)[0])
    pass_time(node)
    assert node.step(gap.step) == 0
    wire.lies.clear()
    assert node.step(gap.step) == 0
    final_once(node, digests)


def test_what_is_missing_without_end_is_not_filled(node: PipelineNode) -> None:
    digests = signed(node, 1)
    with node.database.write() as session:
        row = session.get_one(TransactionRow, rows(node)[0].id)
        far = replace_nonce(node, row, row.nonce + 1_000)
        row.nonce, row.raw, row.hash = far.nonce, far.raw, far.hash
    pass_time(node)
    with pytest.raises(Refused, match=r"more than 64 nonces are missing"):
        node.step(gap.step)
    assert len(rows(node)) == 1
    lose(node, rows(node)[0])
    final_once(node, digests)


def replace_nonce(node: PipelineNode, row: TransactionRow, nonce: int):
    call = Call(node.resources.account.address, b"")
    return sign_call(node.resources.account, call, nonce=nonce, chain_id=node.chain.chain_id)


def test_a_database_set_back_goes_on_with_the_chains_nonce(
    consortium: Consortium, wire: LyingNode, tmp_path: Path
) -> None:
    """As when it was restored from a backup: what was anchored since is not known any more."""
    with opened(consortium, tmp_path / "before", Chain(wire)) as before:
        final_once(before, signed(before, 3))
        used = rows(before)[-1].nonce
    with opened(consortium, tmp_path / "restored", Chain(wire)) as node:
        final_once(node, signed(node, 1))
        assert [row.nonce for row in rows(node)] == [used + 1]


def test_a_node_that_says_a_lower_nonce_gets_none_again(node: PipelineNode, wire: LyingNode) -> None:
    digests = signed(node, 1)
    node.run()
    wire.lies["eth_getTransactionCount"] = lambda params, honest: "0x0"
    digests += signed(node, 1)
    first, second = rows(node)
    assert second.nonce == first.nonce + 1
    assert first.state == TransactionState.MINED
    wire.lies.clear()
    final_once(node, digests)


# --- displaced


def use_nonce(node: PipelineNode, row: TransactionRow) -> None:
    node.consortium.chain.send(replace_nonce(node, row, row.nonce).raw)
    node.consortium.embedded.mine()


def test_a_displacement_that_is_reorganised_gives_the_nonce_back(node: PipelineNode) -> None:
    """Simulated by the place: the block by which the nonce was seen used is another one now."""
    digests = signed(node, 1)
    use_nonce(node, rows(node)[0])
    assert node.step(confirm.step) == 1
    [row] = rows(node)
    assert row.state == TransactionState.DISPLACED
    assert row.block_number == node.chain.head().number
    assert node.step(sweep.step) == 0
    with node.database.write() as session:
        session.get_one(TransactionRow, row.id).block_hash = b"\1" * 32
    node.consortium.clock.advance(LATER)
    assert node.step(sweep.step) == 1
    assert rows(node)[0].state == TransactionState.BROADCAST
    # The chain says again that the nonce is used.
    node.step(broadcast.step)
    assert node.step(confirm.step) == 1
    assert rows(node)[0].state == TransactionState.DISPLACED
    final_once(node, digests)


# --- stuck


def replaced(node: PipelineNode) -> list[ReplacedTransactionRow]:
    with node.database.read() as session:
        return list(session.scalars(select(ReplacedTransactionRow)))


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
    with capture_logs() as logs:
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
    with capture_logs() as logs:
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
    with capture_logs() as logs, pytest.raises(Exception, match=code.replace(".", r"\.")):
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
