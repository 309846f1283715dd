"""Nonces that are missing, used by others, or given back by a reorganisation; transactions that stay unmined."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from anchors.database import TransactionState
from anchors.database.models import BatchRow, TransactionRow
from anchors.pipeline import broadcast, confirm, gap, sweep
from ledger.chain import Chain
from ledger.errors import Refused
from tests.anchors.lying_node import LyingNode
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import final_once
from tests.anchors.transaction_rows import LATER, lose, other, pass_time, rows, signed, use_nonce
from tests.consortium import Consortium
from tests.own_logs import own_logs


@pytest.fixture
def wire(consortium: Consortium) -> LyingNode:
    return LyingNode(consortium.chain.transport)


@pytest.fixture
def node(consortium: Consortium, wire: LyingNode, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node", Chain(wire)) as node:
        yield node


# --- gaps


@pytest.mark.parametrize("lost", [0, 1])
def test_a_lost_nonce_is_filled(node: PipelineNode, lost: int) -> None:
    digests = signed(node, 3)
    missing = rows(node)[lost]
    lose(node, missing)
    assert node.step(gap.step) == 0, "not before the chain has made a block long after"
    pass_time(node)
    with own_logs() as logs:
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
        far = other(node, row.nonce + 1_000)
        row.nonce, row.raw, row.hash = far.nonce, far.raw, far.hash
    pass_time(node)
    with pytest.raises(Refused, match=r"more than 64 nonces are missing"):
        node.step(gap.step)
    assert len(rows(node)) == 1
    lose(node, rows(node)[0])
    final_once(node, digests)


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


def test_a_nonce_that_is_shown_before_its_receipt_displaces_nothing(node: PipelineNode, wire: LyingNode) -> None:
    """Anvil, while it makes a block: it is the newest one's state already, and no receipt is found yet."""
    digests = signed(node, 1)
    node.step(broadcast.step)
    [row] = rows(node)

    def early(params: list[Any], honest: Any) -> Any:
        return hex(row.nonce + 1) if params[1] == "latest" else honest

    wire.lies["eth_getTransactionCount"] = early
    wire.lies["eth_getTransactionReceipt"] = lambda params, honest: None
    assert node.step(confirm.step) == 0
    assert rows(node)[0].state == TransactionState.BROADCAST
    wire.lies.clear()
    final_once(node, digests)
    assert [one.nonce for one in rows(node)] == [row.nonce]


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
