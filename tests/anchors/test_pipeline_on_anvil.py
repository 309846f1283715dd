"""Fees, replacements and reorganisations on anvil, with the time that it is."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from anchors.database import State
from anchors.database.models import ReplacedProofRow
from anchors.pipeline import broadcast, confirm, sign, sweep
from anchors.pipeline.worker import Worker
from ledger.errors import Refused
from ledger.fee import FREE, fee_in
from ledger.finality.form import CHECKPOINT
from tests.anchors.pipeline_node import PipelineNode
from tests.anchors.pipeline_wire import advance, final_once
from tests.anchors.real_chain import founded_at, opened_at
from tests.anchors.transaction_rows import replaced, rows
from tests.consortium import Consortium
from tests.servers.anvil import Anvil
from tests.servers.rpc import ask

GWEI = 10**9
LONG = bool(os.environ.get("PORTSEAL_LONG"))
DEPTHS = [1, 2, 8, 33, 64] if LONG else [3]


@pytest.fixture(scope="module")
def own_anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anvil]:
    """One that no other test uses: its fees and blocks are changed."""
    with Anvil(tmp_path_factory.mktemp("own-anvil")) as anvil:
        yield anvil


@pytest.fixture(scope="module")
def founded(own_anvil: Anvil, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    consortium = founded_at(own_anvil.rpc, tmp_path_factory.mktemp("on-anvil"), CHECKPOINT)
    yield consortium
    consortium.chain.close()


@pytest.fixture
def node(founded: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened_at(founded, tmp_path / "node") as node:
        limits = replace(node.resources.limits, stuck_seconds=2, sweep_seconds=1, resend_seconds=1)
        node.resources = replace(node.resources, limits=limits)
        yield node


def accept(node: PipelineNode) -> bytes:
    return node.accept(node.registration())[0].digest


def fund(anvil: Anvil, node: PipelineNode, wei: int = 10**20) -> None:
    ask(anvil.rpc, "anvil_setBalance", node.resources.account.address, hex(wei))


@contextmanager
def blocks_when_asked_for(anvil: Anvil) -> Iterator[None]:
    """Let time make no blocks: however long a step takes, the chain is as it was."""
    ask(anvil.rpc, "evm_setIntervalMining", 0)
    try:
        yield
    finally:
        ask(anvil.rpc, "evm_setIntervalMining", 1)


def until_final(node: PipelineNode, digest: bytes, seconds: float = 90.0) -> None:
    Worker(node.resources).run_until_idle(seconds)
    assert node.record(digest).state is State.FINAL


# --- replacements, on a chain that is free


def test_what_gets_lost_again_and_again_is_replaced_and_mined(own_anvil: Anvil, node: PipelineNode) -> None:
    fund(own_anvil, node)
    digest = accept(node)
    advance(node, State.SIGNED)
    assert fee_in(rows(node)[0].raw) == FREE
    with blocks_when_asked_for(own_anvil):
        for _ in range(60):
            node.step(broadcast.step)
            if replaced(node):
                break
            ask(own_anvil.rpc, "anvil_dropAllTransactions")
            ask(own_anvil.rpc, "anvil_mine", "0x1")
            time.sleep(1)
        assert rows(node)[0].gas_price == 1
    until_final(node, digest)
    final_once(node, [digest])


def test_the_node_takes_a_price_of_one_in_place_of_none(own_anvil: Anvil, node: PipelineNode) -> None:
    """Blocks stand still until both were sent; the dearer one is mined, and the row says so."""
    fund(own_anvil, node)
    digest = accept(node)
    advance(node, State.SIGNED)
    with blocks_when_asked_for(own_anvil):
        node.step(broadcast.step)
        # Time passes and blocks are made, without anything in them.
        limits = replace(node.resources.limits, stuck_seconds=0)
        with node.database.write() as session:
            session.get_one(type(rows(node)[0]), rows(node)[0].id).created_at -= 100
            session.get_one(type(rows(node)[0]), rows(node)[0].id).sent_at = 0
        node.step(broadcast.step, limits=limits)
        assert rows(node)[0].gas_price == 1
        pool = ask(own_anvil.rpc, "txpool_content")["pending"]
        [waiting] = [one for sent in pool.values() for one in sent.values()]
        assert waiting["hash"] == "0x" + rows(node)[0].hash.hex()
    until_final(node, digest)
    final_once(node, [digest])


# --- reorganisations


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("moment", [State.MINED, State.FINAL])
def test_reorganised(own_anvil: Anvil, node: PipelineNode, moment: State, depth: int) -> None:
    """So many blocks and the transaction's own are replaced by empty ones; cosigners have signed some of the old."""
    digest = accept(node)
    advance(node, State.BROADCAST)
    while not node.step(confirm.step):
        time.sleep(0.1)
    if moment is State.FINAL:
        until_final(node, digest)
    left = node.record(digest).block
    assert left
    ask(own_anvil.rpc, "anvil_mine", hex(depth))
    # Once more if a block was made between the two questions: then one too few was replaced.
    while (block := node.chain.block(left.number)) and block.hash == left.hash:
        ask(own_anvil.rpc, "anvil_reorg", node.chain.head().number - left.number + 1, [])
    while not node.step(sweep.step):
        time.sleep(0.1)
    until_final(node, digest)
    final_once(node, [digest])
    now = node.record(digest).block
    assert now
    assert now.hash != left.hash
    if moment is State.FINAL:
        with node.database.read() as session:
            assert left.hash in set(session.scalars(select(ReplacedProofRow.block_hash)))


# --- fees; last, since the base fee does not go back to zero


def raise_base_fee(anvil: Anvil, fee: int) -> None:
    ask(anvil.rpc, "anvil_setNextBlockBaseFeePerGas", hex(fee))
    ask(anvil.rpc, "anvil_mine", "0x1")


def test_a_chain_with_a_base_fee(own_anvil: Anvil, node: PipelineNode) -> None:
    fund(own_anvil, node)
    with blocks_when_asked_for(own_anvil):  # empty ones lower the fee
        raise_base_fee(own_anvil, 20 * GWEI)
        digest = accept(node)
        advance(node, State.SIGNED)
        [row] = rows(node)
        fee = fee_in(row.raw)
        assert 20 * GWEI < fee.price == row.gas_price <= 42 * GWEI
        assert fee.tip < fee.price
    until_final(node, digest)
    final_once(node, [digest])


def test_above_the_ceiling_nothing_is_signed(own_anvil: Anvil, node: PipelineNode) -> None:
    fund(own_anvil, node)
    digest = accept(node)
    advance(node, State.BATCHED)
    low = replace(node.resources.limits, gas_price_ceiling=2 * GWEI)
    with blocks_when_asked_for(own_anvil):
        raise_base_fee(own_anvil, 20 * GWEI)
        with pytest.raises(Refused) as caught:
            node.step(sign.step, limits=low)
    assert caught.value.code == "chain.fee-ceiling"
    assert str(2 * GWEI) in caught.value.detail
    assert rows(node) == []
    until_final(node, digest)


def test_a_base_fee_that_outgrows_what_was_signed(own_anvil: Anvil, node: PipelineNode) -> None:
    """The node refuses it for its price; it is signed again with the price of now, and mined."""
    fund(own_anvil, node)
    digest = accept(node)
    advance(node, State.SIGNED)
    signed = rows(node)[0].gas_price
    with blocks_when_asked_for(own_anvil):
        raise_base_fee(own_anvil, 4 * signed + 100 * GWEI)
        with pytest.raises(Refused) as caught:
            node.step(broadcast.step)
        assert caught.value.code == "chain.fee"
        assert rows(node)[0].gas_price > 4 * signed
    until_final(node, digest)
    final_once(node, [digest])


def test_a_base_fee_that_outgrows_what_waits(own_anvil: Anvil, node: PipelineNode) -> None:
    fund(own_anvil, node)
    digest = accept(node)
    advance(node, State.SIGNED)
    signed = rows(node)[0].gas_price
    with blocks_when_asked_for(own_anvil):
        node.step(broadcast.step)
        raise_base_fee(own_anvil, 4 * signed + 100 * GWEI)
    until_final(node, digest)
    final_once(node, [digest])


def test_an_account_without_money_waits_for_it(own_anvil: Anvil, node: PipelineNode) -> None:
    fund(own_anvil, node, wei=0)
    raise_base_fee(own_anvil, 5 * GWEI)
    digest = accept(node)
    advance(node, State.SIGNED)
    with pytest.raises(Refused) as caught:
        node.step(broadcast.step)
    assert caught.value.code == "chain.funds"
    fund(own_anvil, node)
    until_final(node, digest)
    final_once(node, [digest])
