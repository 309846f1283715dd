"""The pipeline with stores that refuse or lie, lost coverage, too few cosigners; and its worker through it all."""

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anchors.cid import Cid
from anchors.database import State
from anchors.database.models import LeaseRow
from anchors.lease import Leases
from anchors.pipeline import sign, store
from anchors.pipeline.worker import TRACKS, Worker
from anchors.replicas.replicas import Replicas
from anchors.stores import PayloadStore
from ledger.account import Account
from ledger.authority_registry import Role
from ledger.chain import Chain
from ledger.errors import Invalid, Refused, Unavailable
from tests.anchors.pipeline_node import CARRIER, PipelineNode, opened
from tests.anchors.pipeline_wire import Wire, advance, final_once
from tests.consortium import Consortium


@pytest.fixture
def wire(consortium: Consortium) -> Wire:
    return Wire(consortium)


@pytest.fixture
def node(consortium: Consortium, wire: Wire, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node", Chain(wire)) as node:
        yield node


class PickyStore:
    """A store that takes all payloads but those it was told of."""

    def __init__(self, inner: PayloadStore, refused: set[bytes]) -> None:
        self.name, self._inner, self._refused = inner.name, inner, refused
        self.get, self.check = inner.get, inner.check

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        if self._refused & set(payloads):
            raise Invalid("payload.too-large", "too large")
        return self._inner.put(payloads)


def test_payloads_that_the_store_refuses_fail_alone(node: PipelineNode) -> None:
    digests = [one.digest for one in node.accept(*[node.registration() for _ in range(9)])]
    bad = {digests[2], digests[7]}
    picky = PickyStore(node.store, {node.payloads.get(digest) for digest in bad})
    node.resources = replace(node.resources, store=Replicas.alone(picky))
    final_once(node, [digest for digest in digests if digest not in bad])
    for digest in bad:
        record = node.record(digest)
        assert (record.state, record.failure) == (State.FAILED, ("payload.too-large", "too large"))


def test_a_payload_that_the_disk_damaged_fails_alone(node: PipelineNode) -> None:
    good, bad = (one.digest for one in node.accept(node.registration(), node.registration()))
    with node.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE sealed_payloads SET content = zeroblob(10) WHERE document_number ="
            " (SELECT number FROM documents WHERE digest = ?)",
            (bad,),
        )
    final_once(node, [good])
    record = node.record(bad)
    assert record.state is State.FAILED
    assert record.failure is not None
    assert record.failure[0] == "payload.damaged"


class LyingStore(PickyStore):
    """A store that keeps something else."""

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        return self._inner.put([payload + b"!" for payload in payloads])


def test_a_store_that_keeps_other_bytes_gets_nothing_recorded(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    payload = node.payloads.get(accepted.digest)
    with pytest.raises(Unavailable) as caught:
        node.step(store.step, store=Replicas.alone(LyingStore(node.store, set())))
    assert caught.value.code == "store.corrupt"
    assert node.record(accepted.digest).state is State.ACCEPTED
    assert node.payloads.get(accepted.digest) == payload
    final_once(node, [accepted.digest])


def test_an_account_that_may_not_anchor_sends_nothing_and_later_goes_on(node: PipelineNode, wire: Wire) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.BATCHED)
    stranger = Account.generate()
    with pytest.raises(Refused) as caught:
        node.step(sign.step, account=stranger)
    assert caught.value.code == "contract.DocumentRegistryNotAnchoring"
    assert wire.sent == []
    final_once(node, [accepted.digest])


def test_too_few_cosigners_is_not_final_until_there_are_more(node: PipelineNode) -> None:
    cosigners = node.finality._cosigners
    node.finality._cosigners = cosigners[:2]
    [accepted] = node.accept(node.registration())
    advance(node, State.MINED)
    with pytest.raises(Unavailable) as caught:
        Worker(node.resources).run_until_idle(1)
    assert caught.value.code == "pipeline.unfinished"
    assert node.record(accepted.digest).state is State.MINED
    node.finality._cosigners = cosigners
    final_once(node, [accepted.digest])


def test_a_worker_without_cosigners_leaves_the_collecting_to_one_that_has_them(node: PipelineNode) -> None:
    without, cosigners = replace(node.resources, leases=Leases(node.database, "without")), node.finality._cosigners
    [accepted] = node.accept(node.registration())
    node.finality._cosigners = []
    advance(node, State.MINED)
    node.resources.leases.release()
    Worker(without).run_once()
    without.leases.release()
    with node.database.read() as session:
        assert session.get(LeaseRow, "finality") is None
    node.finality._cosigners = cosigners
    final_once(node, [accepted.digest])


# --- coverage


@contextmanager
def without_accreditation(node: PipelineNode) -> Iterator[None]:
    """End the carrier's accreditation for bills, and give it back."""
    consortium, registry = node.consortium, node.registries.issuer
    actor = consortium.account("cn.maritime", Role.ACT)
    consortium.submit(actor, registry.end_accreditation(CARRIER, "bill-of-lading"))
    try:
        yield
    finally:
        consortium.submit(actor, registry.accredit(CARRIER, ["bill-of-lading"]))


@pytest.mark.parametrize("state", [State.ACCEPTED, State.STORED, State.BATCHED])
def test_what_lost_its_coverage_is_stopped_before_it_is_signed(node: PipelineNode, state: State) -> None:
    tenant = node.tenant("two", [CARRIER, "sg.carrier"])
    lost, kept = (
        one.digest
        for one in node.accept(
            node.registration(tenant=tenant), node.registration(node.bill("sg.carrier"), tenant=tenant)
        )
    )
    advance(node, state)
    with without_accreditation(node):
        final_once(node, [kept])
        record = node.record(lost)
        assert record.state is State.FAILED
        assert record.failure is not None
        assert record.failure[0] == "pipeline.coverage-ended"
        assert "issuer.not-accredited" in record.failure[1]
        assert record.batch is None


def test_what_is_signed_already_goes_on(node: PipelineNode) -> None:
    [accepted] = node.accept(node.registration())
    advance(node, State.SIGNED)
    with without_accreditation(node):
        final_once(node, [accepted.digest])


def test_what_was_never_covered_is_anchored_with_its_warning(node: PipelineNode) -> None:
    with without_accreditation(node):
        [accepted] = node.accept(node.registration())
        assert accepted.warnings == ("issuer.not-accredited",)
        final_once(node, [accepted.digest])


# --- the worker


def test_a_step_that_fails_holds_up_only_what_waits_for_it(node: PipelineNode) -> None:
    fails = itertools.chain([True, True, True], itertools.repeat(False))

    def flaky(resources: Any) -> int:
        if next(fails):
            raise Unavailable("store.failed", "no")
        return store.step(resources)

    waiting = node.accept(node.registration())[0].digest
    advance(node, State.STORED)
    new = node.accept(node.registration())[0].digest
    node.consortium.clock.advance(1)
    worker = Worker(node.resources, {**TRACKS, "payloads": [("store", flaky)]})
    worker.run_once()
    assert node.record(new).state is State.ACCEPTED
    assert node.record(waiting).state in (State.MINED, State.FINAL)
    worker.run_until_idle(120)
    assert node.record(new).state is State.FINAL


def test_a_fault_of_ours_does_not_end_the_worker(node: PipelineNode) -> None:
    faults = itertools.chain([True], itertools.repeat(False))

    def broken(resources: Any) -> int:
        return 1 // 0 if next(faults) else store.step(resources)

    [accepted] = node.accept(node.registration())
    Worker(node.resources, {**TRACKS, "payloads": [("store", broken)]}).run_until_idle(120)
    assert node.record(accepted.digest).state is State.FINAL


def test_the_thread_takes_up_work_and_stops(node: PipelineNode) -> None:
    worker = Worker(node.resources)
    worker.start()
    try:
        [accepted] = node.accept(node.registration())
        worker.notify()
        deadline = time.monotonic() + 60
        while node.record(accepted.digest).state is not State.FINAL:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        worker.stop()
    [later] = node.accept(node.registration())
    assert node.record(later.digest).state is State.ACCEPTED
    final_once(node, [later.digest])
