"""Claims: who stores which documents, on both databases."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from anchors.database import State
from anchors.database.models import DocumentRow, SealedPayloadRow
from anchors.lane import Lane
from anchors.lease import Leases
from anchors.pipeline import store
from anchors.pipeline.claim import claimed
from anchors.pipeline.resources import Limits, Resources
from ledger.errors import Unavailable
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")
AT_ONCE = 4


@pytest.fixture
def node(on_each_database: None, consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        node.resources = replace(node.resources, limits=Limits(store_documents=AT_ONCE))
        yield node


def worker(node: PipelineNode, name: str) -> Resources:
    """Another process with the same database."""
    return replace(node.resources, leases=Leases(node.database, name))


def waiting(node: PipelineNode) -> int:
    with node.database.read() as session:
        return session.scalar(select(func.count()).where(DocumentRow.state == State.ACCEPTED)) or 0


def test_two_have_never_the_same_documents(node: PipelineNode) -> None:
    node.accept(*[node.registration() for _ in range(3 * AT_ONCE)])
    one, other = worker(node, "one"), worker(node, "other")
    with claimed(one) as first, claimed(other) as second:
        taken, also = ([sealed.number for sealed in claim.group] for claim in (first, second))
    assert len(taken) == AT_ONCE
    assert len(also) == (AT_ONCE if node.database.has_many_writers else 0)
    assert not set(taken) & set(also)


def test_what_is_urgent_is_claimed_first_and_each_tenant_has_its_part(node: PipelineNode) -> None:
    bulk = node.accept(*[node.registration(lane=Lane.BULK) for _ in range(AT_ONCE)])
    [urgent] = node.accept(node.registration(lane=Lane.URGENT))
    with claimed(worker(node, "one")) as claim:
        with node.database.read() as session:
            query = select(DocumentRow.number).where(DocumentRow.digest == urgent.digest)
            assert session.scalar(query) in [sealed.number for sealed in claim.group]
        assert len(claim.group) == AT_ONCE
    assert len(bulk) == AT_ONCE


def test_a_claim_that_fails_leaves_everything_as_it_was(node: PipelineNode) -> None:
    node.accept(*[node.registration() for _ in range(2)])

    def fail() -> None:
        with claimed(worker(node, "one")) as claim, claim.write() as session:
            session.execute(text("UPDATE documents SET state = 'stored'"))
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fail()
    assert waiting(node) == 2
    one = worker(node, "one")
    assert store.step(one) == 2
    one.leases.release()
    assert store.step(worker(node, "other")) == 0


def test_many_workers_store_each_document_once(node: PipelineNode) -> None:
    node.accept(*[node.registration() for _ in range(60)])
    moved: list[int] = []
    deadline = time.monotonic() + 60

    def work(number: int) -> None:
        resources = worker(node, f"worker-{number}")
        while waiting(node) and time.monotonic() < deadline:
            moved.append(store.step(resources))
            resources.leases.release()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(moved) == 60
    assert waiting(node) == 0
    with node.database.read() as session:
        assert session.scalar(select(func.count()).select_from(SealedPayloadRow)) == 0


def test_the_claim_of_a_worker_that_is_gone_is_free_at_once(node: PipelineNode) -> None:
    """Its session ends with it (PostgreSQL); on SQLite its lease has to end first."""
    if not node.database.has_many_writers:
        pytest.skip("claims are PostgreSQL's")
    node.accept(*[node.registration() for _ in range(AT_ONCE)])

    def lose() -> None:
        with claimed(worker(node, "gone")) as claim, claim.write() as session:
            backend = session.scalar(text("SELECT pg_backend_pid()"))
            with node.database.write() as killing:
                # Its locks are free when it has ended, some moments after it was told to.
                assert killing.scalar(text("SELECT pg_terminate_backend(:pid, 60000)"), {"pid": backend})
            with claimed(worker(node, "other")) as second:
                assert [one.number for one in second.group] == [one.number for one in claim.group]
            session.execute(text("UPDATE documents SET state = 'stored'"))

    with pytest.raises(Unavailable, match=r"database\.lost"):
        lose()
    assert waiting(node) == AT_ONCE
    assert store.step(worker(node, "other")) == AT_ONCE


def test_groups_as_large_as_they_may_be(node: PipelineNode) -> None:
    """A thousand numbers in one statement; SQLite's limit of variables is 32,766, the driver's of PostgreSQL 65,535."""
    numbers = list(range(1, 32_001))
    with node.database.read() as session:
        assert session.scalars(select(DocumentRow.number).where(DocumentRow.number.in_(numbers))).all() is not None
    assert max(Limits().store_documents, 2 * 500) < len(numbers)
