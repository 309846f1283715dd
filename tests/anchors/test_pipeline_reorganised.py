"""Reorganisations of any depth, before a transaction is final, when its proof is held, and after."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from anchors.database import State, TransactionState
from anchors.database.models import FinalityProofRow, ReplacedProofRow
from anchors.pipeline import confirm, finalize, sweep
from anchors.pipeline.worker import Worker
from ledger.chain import Chain
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance, final_once
from tests.anchors.rewound_chain import RewoundChain
from tests.anchors.transaction_rows import other, rows, signed
from tests.consortium import Consortium
from tests.own_logs import own_logs

LONG = bool(os.environ.get("PORTSEAL_LONG"))
DEPTHS = [1, 2, 3, 8, 21, 64] if LONG else [1, 3, 64]
MOMENTS = ["mined", "proved", "final"]


@pytest.fixture
def chain(consortium: Consortium) -> RewoundChain:
    return RewoundChain(consortium)


@pytest.fixture
def node(chain: RewoundChain, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(chain.consortium, tmp_path / "node", Chain(chain)) as node:
        yield node


def make_blocks(node: PipelineNode, count: int) -> None:
    for _ in range(count):
        node.consortium.clock.advance(1)
        node.consortium.embedded.mine()


def reach(node: PipelineNode, moment: str) -> bytes:
    [accepted] = node.accept(node.registration())
    advance(node, State.MINED)
    if moment in ("proved", "final"):
        assert node.step(lambda resources: resources.finality.collect()) == 1
    if moment == "final":
        assert node.step(finalize.step) == 1
    return accepted.digest


def heal(node: PipelineNode, depth: int) -> None:
    """Let time pass and the chain grow beyond every height for which something was cosigned."""
    worker = Worker(node.resources)
    for _ in range(depth + 20):
        node.consortium.clock.advance(6)
        node.consortium.embedded.mine()
        worker.run_once()


def check_whole(node: PipelineNode, digests: list[bytes]) -> None:
    """Each document is final once, in a block of the chain as it is, with a proof of a block of that chain."""
    final_once(node, digests)
    for digest in digests:
        record = node.record(digest)
        assert record.block
        assert record.proof
        for number, block_hash in (
            (record.block.number, record.block.hash),
            (record.proof.number, record.proof.block_hash),
        ):
            block = node.chain.block(number)
            assert block
            assert block.hash == block_hash
    nonces = [row.nonce for row in rows(node)]
    assert nonces == list(range(nonces[0], nonces[0] + len(nonces)))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_set_back_and_sent_again(
    node: PipelineNode, chain: RewoundChain, tmp_path: Path, moment: str, depth: int
) -> None:
    before = reach(node, "final")
    mark = chain.mark(tmp_path / "mark")
    digest = reach(node, moment)
    left = node.record(digest).block
    assert left
    make_blocks(node, depth - 1)
    chain.rewind(mark)
    with own_logs() as logs:
        heal(node, depth)
    events = [one["event"] for one in logs]
    assert ("final block left the chain" in events) is (moment == "final")
    check_whole(node, [before, digest])
    now = node.record(digest).block
    assert now
    assert now.hash != left.hash
    with node.database.read() as session:
        kept = {row.block_hash for row in session.scalars(select(ReplacedProofRow))}
        counted = {row.block_hash for row in session.scalars(select(FinalityProofRow))}
    assert (left.hash in kept) is (moment != "mined")
    assert left.hash not in counted


def test_after_final_it_is_found_where_somebody_else_sent_it(
    node: PipelineNode, chain: RewoundChain, tmp_path: Path
) -> None:
    mark = chain.mark(tmp_path / "mark")
    digest = reach(node, "final")
    [row] = rows(node)
    chain.rewind(mark)
    node.consortium.clock.advance(20)
    node.chain.send(row.raw)
    node.consortium.embedded.mine()
    assert node.step(sweep.step) == 1
    assert node.record(digest).state is State.BROADCAST
    assert node.record(digest).final_at is None
    assert node.step(confirm.step) == 1
    heal(node, 1)
    check_whole(node, [digest])


def test_many_transactions_set_back_at_once(node: PipelineNode, chain: RewoundChain, tmp_path: Path) -> None:
    """More than one look of the sweep takes, final, in different blocks, one of them older than all that it sees."""
    mark = chain.mark(tmp_path / "mark")
    digests = [reach(node, "final") for _ in range(6)]
    sweep.AT_ONCE, at_once = 2, sweep.AT_ONCE
    try:
        chain.rewind(mark)
        node.consortium.clock.advance(20)
        node.consortium.embedded.mine()
        assert node.step(sweep.step) == 6
    finally:
        sweep.AT_ONCE = at_once
    heal(node, 6)
    check_whole(node, digests)


def test_old_ones_are_looked_at_too_slowly(node: PipelineNode) -> None:
    """The mark goes through all of them and begins again."""
    digests = [reach(node, "final") for _ in range(5)]
    first = rows(node)[0]
    with node.database.write() as session:
        session.get_one(type(first), first.id).block_hash = b"\1" * 32
    sweep.AT_ONCE, at_once = 2, sweep.AT_ONCE
    try:
        found = 0
        for _ in range(3):
            node.consortium.clock.advance(20)
            found += node.step(sweep.step)
    finally:
        sweep.AT_ONCE = at_once
    assert found == 1
    heal(node, 1)
    check_whole(node, digests)


def test_between_two_sweeps_nothing_is_asked(node: PipelineNode) -> None:
    reach(node, "final")
    node.consortium.clock.advance(20)
    node.step(sweep.step)
    calls: list[str] = []

    def counting(method: str, params: list[object]) -> dict[str, object]:
        calls.append(method)
        return node.chain.transport(method, list(params))

    node.consortium.clock.advance(5)
    node.step(sweep.step, chain=Chain(counting))
    assert calls == []
    node.consortium.clock.advance(5)
    node.step(sweep.step, chain=Chain(counting))
    assert calls


def test_a_nonce_used_by_another_in_a_block_that_leaves(
    node: PipelineNode, chain: RewoundChain, tmp_path: Path
) -> None:
    """Displaced, signed anew, final; then the other's transaction is gone, and ours takes its old nonce again."""
    [digest] = signed(node, 1)
    [row] = rows(node)
    mark = chain.mark(tmp_path / "mark")
    node.chain.send(other(node, row.nonce).raw)
    make_blocks(node, 2)
    assert node.step(confirm.step) == 1
    heal(node, 1)
    assert node.record(digest).state is State.FINAL
    chain.rewind(mark)
    heal(node, 25)
    check_whole(node, [digest])
    assert {one.state for one in rows(node)} == {TransactionState.MINED}


def test_a_head_that_goes_back_is_noticed(node: PipelineNode, chain: RewoundChain, tmp_path: Path) -> None:
    mark = chain.mark(tmp_path / "mark")
    make_blocks(node, 5)
    node.step(sweep.step)
    chain.rewind(mark)
    node.consortium.clock.advance(20)
    with own_logs() as logs:
        node.step(sweep.step)
    assert [one["event"] for one in logs] == ["head went back"]
