"""Crashes and lies between any two moments of a step: nothing is lost, nothing is anchored twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from anchors.cid import Cid
from anchors.database import State
from anchors.pipeline import batch, broadcast, confirm, finalize, sign, store
from anchors.replicas.replicas import Replicas
from anchors.stores import PayloadStore
from ledger.authority_registry import Role
from ledger.chain import Chain
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import CrashError, Wire, advance, final_once
from tests.anchors.transaction_rows import rows, use_nonce
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


class CrashingStore:
    """The node's store, which crashes before or after the put."""

    def __init__(self, inner: PayloadStore, *, after: bool) -> None:
        self.name, self._inner, self._after = inner.name, inner, after
        self.get, self.check = inner.get, inner.check

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        if self._after:
            self._inner.put(payloads)
        raise CrashError


@pytest.fixture
def wire(consortium: Consortium) -> Wire:
    return Wire(consortium)


@pytest.fixture
def node(consortium: Consortium, wire: Wire, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node", Chain(wire)) as node:
        yield node


def crash(call: Callable[[], Any]) -> None:
    with pytest.raises(CrashError):
        call()


@pytest.mark.parametrize("after", [False, True])
def test_crash_around_the_store_of_payloads(node: PipelineNode, after: bool) -> None:
    [accepted] = node.accept(node.registration())
    crash(lambda: node.step(store.step, store=Replicas.alone(CrashingStore(node.store, after=after))))
    assert node.record(accepted.digest).state is State.ACCEPTED
    final_once(node, [accepted.digest])


@pytest.mark.parametrize("after", [False, True])
def test_crash_around_the_store_of_the_manifest(node: PipelineNode, after: bool) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.STORED)
    crash(lambda: node.step(batch.step, store=Replicas.alone(CrashingStore(node.store, after=after))))
    assert node.record(accepted.digest).state is State.STORED
    final_once(node, [accepted.digest])


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (State.ACCEPTED, store.step),
        (State.STORED, batch.step),
        (State.BATCHED, sign.step),
        (State.SIGNED, broadcast.step),
        (State.BROADCAST, confirm.step),
        (State.MINED, lambda resources: resources.finality.collect()),
        (State.MINED, finalize.step),
    ],
)
def test_crash_before_each_commit(
    node: PipelineNode, monkeypatch: pytest.MonkeyPatch, before: State, step: Callable[[Any], int]
) -> None:
    digests = [one.digest for one in node.accept(node.registration(), node.registration())]
    advance(node, before)
    if step is finalize.step:
        node.finality.collect()

    def commit(session: Session) -> None:
        raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.orm.session.SessionTransaction.commit", commit)
        crash(lambda: node.step(step))
    assert node.record(digests[0]).state is before
    final_once(node, digests)


def test_crash_before_the_commit_of_acceptance_promises_nothing(
    node: PipelineNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration = node.registration()

    def commit(session: Session) -> None:
        raise CrashError

    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.orm.session.SessionTransaction.commit", commit)
        crash(lambda: node.registrar.accept([registration]))
    assert node.archive.find(registration.envelope.digest) is None
    final_once(node, [one.digest for one in node.accept(registration)])


def test_crash_before_the_send(node: PipelineNode, wire: Wire) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.SIGNED)
    wire.crash_before = "eth_sendRawTransaction"
    crash(lambda: node.step(broadcast.step))
    wire.crash_before = None
    assert node.record(accepted.digest).state is State.SIGNED
    final_once(node, [accepted.digest])


def test_crash_after_the_send_sends_the_same_bytes(node: PipelineNode, wire: Wire) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.SIGNED)
    wire.crash_after = "eth_sendRawTransaction"
    crash(lambda: node.step(broadcast.step))
    wire.crash_after = None
    final_once(node, [accepted.digest])
    assert len(wire.sent) >= 2
    assert len(set(wire.sent)) == 1


def test_a_transaction_that_the_chain_forgot_is_sent_again(node: PipelineNode, wire: Wire) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.SIGNED)
    wire.lose_sent = True
    assert node.step(broadcast.step) == 1
    assert node.record(accepted.digest).state is State.BROADCAST
    node.consortium.clock.advance(1)
    node.resources = replace(node.resources, started_at=0)
    assert node.step(broadcast.step) == 0
    assert len(wire.sent) == 1
    node.consortium.clock.advance(10)
    wire.lose_sent = False
    final_once(node, [accepted.digest])
    assert len(set(wire.sent)) == 1


def test_a_nonce_that_somebody_used_is_left_and_the_batch_signed_anew(node: PipelineNode, wire: Wire) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.SIGNED)
    first = node.record(accepted.digest).transaction_hash
    use_nonce(node, rows(node)[0])
    node.run()
    record = node.record(accepted.digest)
    assert record.transaction_hash != first
    final_once(node, [accepted.digest])


def test_two_transactions_in_flight_are_both_displaced(node: PipelineNode) -> None:
    digests = []
    for _ in range(2):
        digests += [one.digest for one in node.accept(node.registration())]
        advance(node, State.SIGNED)
    for row in rows(node):
        use_nonce(node, row)
    final_once(node, digests)


def test_a_batch_that_somebody_else_anchored_first_is_final_too(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.BATCHED)
    place = node.record(accepted.digest).batch
    assert place is not None
    other = node.consortium.account("sg.customs", Role.ANCHOR)
    call = node.registries.document.anchor(place.root, place.size, place.manifest_digest)
    node.consortium.submit(other, call)
    final_once(node, [accepted.digest])
