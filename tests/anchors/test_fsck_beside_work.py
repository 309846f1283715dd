"""fsck beside a node that works, on either database; with several stores; and not mending while somebody works."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors.cid import Cid
from anchors.fsck.examination import Examination
from anchors.fsck.quiet import await_quiet
from anchors.lease import Leases
from anchors.pipeline.worker import Worker
from anchors.stores import FolderStore
from anchors.stores.known_store import KnownStore
from ledger.errors import Refused, Unavailable
from tests.anchors.examined import codes, examine, scene_of
from tests.anchors.node_in_every_state import accept, in_every_state
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")


@pytest.fixture
def node(consortium_template: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with consortium_template.copy(tmp_path) as consortium, opened(consortium, tmp_path / "node") as node:
        yield node


def test_every_state_is_whole(consortium_template: Consortium, tmp_path: Path) -> None:
    with in_every_state(consortium_template, tmp_path) as node:
        assert examine(node) == []
        node.run()
        assert examine(node) == []


def test_what_moves_meanwhile_is_no_finding(node: PipelineNode) -> None:
    """Documents come in and move on all the time while one examination after the other is made."""
    stopping, faults = threading.Event(), list[Exception]()

    def live() -> None:
        try:
            while not stopping.is_set():
                accept(node, 3)
                node.consortium.clock.advance(1)
        except Exception as error:  # raised again below
            faults.append(error)

    worker, living = Worker(node.resources), threading.Thread(target=live)
    node.tenant()
    worker.start()
    living.start()
    try:
        found = [told for _ in range(6) for told in examine(node)]
    finally:
        stopping.set()
        living.join()
        worker.stop()
    assert faults == []
    assert found == []
    node.run()
    assert examine(node) == []


def test_a_replica_is_brought_from_another_store(node: PipelineNode, tmp_path: Path) -> None:
    accept(node, 2)
    node.run()
    with FolderStore(tmp_path / "second") as second:
        stores = (KnownStore(node.store), KnownStore(second, 1, "second"))
        with node.database.write() as session:
            session.connection().exec_driver_sql("UPDATE documents SET replicas = 3")
        assert codes(examine(node, stores=stores)) == ["payload.replica"] * 2
        assert examine(node, stores=stores, quick=True) == []
        assert [told.repaired for told in examine(node, repair=True, stores=stores)] == [True, True]
        assert examine(node, stores=stores) == []
        assert second.get(next(iter(second.roots())))


def test_a_payload_that_no_store_has_is_said(node: PipelineNode, tmp_path: Path) -> None:
    accept(node, 2)
    node.run()
    with FolderStore(tmp_path / "empty") as empty:
        told = examine(node, repair=True, stores=(KnownStore(empty),))
        # The manifest comes from the documents; what is sealed comes from nowhere.
        assert codes(told) == ["manifest.missing", "payload.missing", "payload.missing"]
        assert [one.repaired for one in told] == [True, False, False]
        assert len(list(empty.roots())) == 1


class Away:
    """A store that does not answer."""

    name = "away"

    def put(self, payloads: object) -> list[Cid]:
        raise Unavailable("store.failed", "away")

    def get(self, cid: Cid) -> bytes:
        raise Unavailable("store.failed", "away")

    def check(self) -> None:
        raise Unavailable("store.failed", "away")


def test_a_store_that_does_not_answer_is_not_checked_and_no_finding(node: PipelineNode) -> None:
    accept(node, 1)
    node.run()
    examination = Examination()
    scene = scene_of(node, stores=(KnownStore(Away()),))
    assert list(examination.run(scene)) == []
    assert set(examination.unchecked) == {"leaves", "payloads"}
    assert examination.exit_code == 2


def test_nothing_is_mended_while_somebody_works(node: PipelineNode) -> None:
    clock = node.consortium.clock
    leases = Leases(node.database, clock=clock, monotonic=clock)
    assert leases.hold("store")

    def renewing(seconds: float) -> None:
        clock.advance(8)
        leases.hold("store")

    with pytest.raises(Refused) as caught:
        await_quiet(node.database, clock, renewing)
    assert caught.value.code == "fsck.node-runs"
    await_quiet(node.database, clock, lambda seconds: clock.advance(1))
