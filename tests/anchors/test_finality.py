"""Checkpoints: for which blocks, by whom, and what becomes of a block that leaves the chain."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from anchors.checkpoints import INTERVAL, CheckpointFinality, Cosigner
from anchors.database import State
from anchors.database.models import TransactionRow
from anchors.finality import FinalityProof
from anchors.finality_proofs import FinalityProofs
from anchors.lane import Lane
from anchors.pipeline import batch, broadcast, confirm, finalize, sign, store
from anchors.proof_content import checkpoint_of
from ledger.block import Block
from ledger.chain import Chain
from ledger.checkpoint import Checkpoint, Cosignature, holds
from ledger.checkpoint_reading import CheckpointReader
from ledger.errors import Refused, Unavailable
from ledger.rosters import roster_at
from ledger.transaction import Call
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        node.finality.collect()
        yield node


def send_something(node: PipelineNode) -> int:
    """Make a block with a transaction; return its number."""
    account = node.consortium.account("kr.customs")
    return node.consortium.submit(account, Call(account.address, b"")).block_number


def empty_block(node: PipelineNode) -> int:
    return node.consortium.embedded.mine()


def another(node: PipelineNode, cosigners: list[object]) -> CheckpointFinality:
    return CheckpointFinality(node.database, node.chain, node.registries, cosigners)  # type: ignore[arg-type]


def test_every_block_with_transactions_has_one(node: PipelineNode) -> None:
    numbers = [send_something(node) for _ in range(3)]
    assert node.finality.collect() == 3
    for number in numbers:
        proof = node.finality.proof_for(number)
        assert proof is not None
        checkpoint, cosignatures = checkpoint_of(proof.content)
        assert (proof.form, proof.number, checkpoint.number) == ("checkpoint", number, number)
        assert holds(checkpoint, cosignatures, roster_at(node.registries.authority, checkpoint.time, number))
    assert node.finality.collect() == 0
    newest = node.finality.newest()
    assert newest is not None
    assert newest.number == numbers[-1]


def test_an_empty_block_has_one_when_a_minute_has_passed(node: PipelineNode) -> None:
    send_something(node)
    node.finality.collect()
    soon = empty_block(node)
    assert node.finality.collect() == 0
    assert node.finality.proof_for(soon) is None
    node.consortium.clock.advance(INTERVAL + 60)
    later = empty_block(node)
    assert node.finality.collect() == 1
    assert node.finality.proof_for(later) is not None


def test_a_restart_takes_up_where_the_newest_is(node: PipelineNode) -> None:
    send_something(node)
    node.finality.collect()
    missed = [send_something(node) for _ in range(2)]
    restarted = another(node, list(node.finality._cosigners))
    assert restarted.collect() == 2
    assert all(restarted.proof_for(number) for number in missed)


def test_a_new_node_starts_at_the_head(node: PipelineNode, consortium: Consortium, tmp_path: Path) -> None:
    send_something(node)
    with opened(consortium, tmp_path / "new") as new:
        assert new.finality.collect() == 1
        newest = new.finality.newest()
        assert newest is not None
        assert newest.number == consortium.chain.head().number


class Absent:
    authority = "jp.customs"

    def __init__(self, error: type[Refused] | type[Unavailable]) -> None:
        self.error = error

    def cosign(self, checkpoint: Checkpoint, view: CheckpointReader) -> Cosignature:
        raise self.error("cosigner.absent", "no answer")


@pytest.mark.parametrize("error", [Refused, Unavailable])
def test_a_cosigner_that_does_not_sign_does_not_hold_up_the_others(
    node: PipelineNode, error: type[Refused] | type[Unavailable]
) -> None:
    finality = another(node, [Absent(error), *node.finality._cosigners])
    send_something(node)
    assert finality.collect() == 1
    newest = finality.newest()
    assert newest is not None
    assert len(newest.content["cosignatures"]) == 3


class Waiting:
    """Gives its signature once all the others are asked, too."""

    def __init__(self, cosigner: Cosigner, asked: threading.Barrier) -> None:
        self.authority = cosigner.authority
        self._cosigner = cosigner
        self._asked = asked

    def cosign(self, checkpoint: Checkpoint, view: CheckpointReader) -> Cosignature:
        self._asked.wait(30)
        return self._cosigner.cosign(checkpoint, view)


def test_all_cosigners_are_asked_beside_each_other(node: PipelineNode) -> None:
    cosigners = node.finality._cosigners
    asked = threading.Barrier(len(cosigners))
    finality = another(node, [Waiting(one, asked) for one in cosigners])
    send_something(node)
    assert finality.collect() == 1
    newest = finality.newest()
    assert newest is not None
    assert [one["authority"] for one in newest.content["cosignatures"]] == [one.authority for one in cosigners]


def test_two_of_four_members_are_too_few_and_are_passed_over(node: PipelineNode) -> None:
    few = another(node, list(node.finality._cosigners[:2]))
    number = send_something(node)
    assert few.collect() == 0
    assert few.proof_for(number) is None
    assert few.collect() == 0
    # Nobody waits for that block; the next one holds.
    few._cosigners = node.finality._cosigners
    after = send_something(node)
    assert few.collect() == 1
    assert few.proof_for(after) is not None


def test_a_block_that_left_the_chain_before_it_was_final(node: PipelineNode) -> None:
    """As if the transaction had been seen in a block that was replaced: it goes back, and is found again."""
    [accepted] = node.accept(node.registration())
    for step in (store, batch, sign, broadcast, confirm):
        node.step(step.step)
    with node.database.write() as session:
        session.execute(update(TransactionRow).values(block_hash=b"\7" * 32))
    node.finality.collect()
    assert node.step(finalize.step) == 1
    assert node.record(accepted.digest).state is State.BROADCAST
    assert node.record(accepted.digest).block is None
    node.run()
    record = node.record(accepted.digest)
    assert record.state is State.FINAL
    assert record.block is not None
    assert record.block.hash != b"\7" * 32


def test_a_later_checkpoint_makes_an_earlier_block_final(node: PipelineNode) -> None:
    """Nobody cosigned the transaction's own block; the next one is cosigned."""
    cosigners = node.finality._cosigners
    node.finality._cosigners = cosigners[:2]
    [accepted] = node.accept(node.registration())
    for step in (store, batch, sign, broadcast, confirm):
        node.step(step.step)
    assert node.finality.collect() == 0
    node.finality._cosigners = cosigners
    later = send_something(node)
    node.finality._certify(later)
    assert node.finality.collect() == 0, "the earlier block does not wait any more"
    assert node.step(finalize.step) == 1
    record = node.record(accepted.digest)
    assert record.state is State.FINAL
    assert record.block
    assert record.proof
    assert record.block.number < record.proof.number == later


def test_a_proof_of_a_block_that_the_chain_does_not_have_makes_nothing_final(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    for step in (store, batch, sign, broadcast, confirm):
        node.step(step.step)
    number = node.chain.head().number
    kept = FinalityProofs(node.database, "checkpoint")
    for false in (number, number + 1):
        kept.keep(FinalityProof("checkpoint", false, b"x" * 32, 0, {}))
        assert node.step(finalize.step) == 0
        assert node.record(accepted.digest).state is State.MINED


def test_a_block_replaced_while_its_proof_is_looked_at_is_not_final(node: PipelineNode) -> None:
    """The chain turns to another branch between two questions: the branch that the later proof is of."""
    [accepted] = node.accept(node.registration())
    for step in (store, batch, sign, broadcast, confirm):
        node.step(step.step)
    later = send_something(node)
    node.finality._certify(later)
    proof = node.finality.proof_for(later)
    assert proof

    class Turning:
        """First the branch that our transaction is on, then the one that is final."""

        def __init__(self) -> None:
            self.turned = False

        def block(self, asked: int) -> Block | None:
            found = node.chain.block(asked)
            assert found
            if asked == later:
                self.turned = True
                return found
            return replace(found, hash=b"o" * 32) if self.turned else found

    turning: Any = Turning()
    node.step(finalize.step, chain=turning)
    assert turning.turned
    assert node.record(accepted.digest).state is not State.FINAL
    node.run()
    assert node.record(accepted.digest).state is State.FINAL


def test_a_mined_block_without_its_checkpoint_is_not_final(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    for step in (store, batch, sign, broadcast, confirm, finalize):
        node.step(step.step)
    record = node.record(accepted.digest)
    assert (record.state, record.proof, record.final_at) == (State.MINED, None, None)


def test_a_block_is_read_once_for_all_cosigners(node: PipelineNode) -> None:
    asked: Counter[str] = Counter()

    def counting(method: str, params: list[Any]) -> dict[str, Any]:
        asked[method] += 1
        return node.chain.transport(method, params)

    chain = Chain(counting, is_local=True)
    registries = node.registries.seen_through(chain)
    cosigners = node.finality._cosigners
    number = send_something(node)
    assert (chain.chain_id, chain.genesis_hash) == (node.chain.chain_id, node.chain.genesis_hash)  # asked for once
    asked.clear()
    few = CheckpointFinality(node.database, chain, registries, cosigners[:1])
    assert not few._certify(number)
    for_one = asked.copy()
    asked.clear()
    assert CheckpointFinality(node.database, chain, registries, cosigners)._certify(number)
    assert len(cosigners) > 1
    assert asked == for_one


def test_limits_bound_what_one_transaction_anchors(node: PipelineNode) -> None:
    node.resources = replace(node.resources, limits=replace(node.resources.limits, batches=2))
    digests = []
    for _ in range(3):
        # Of another lane a third batch would wait until there are fewer.
        digests += [one.digest for one in node.accept(node.registration(lane=Lane.URGENT))]
        node.step(store.step)
        node.step(batch.step)
    assert node.step(sign.step) == 2
    assert node.step(sign.step) == 1
    node.run()
    assert len({node.record(digest).transaction_hash for digest in digests}) == 2
