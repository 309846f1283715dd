"""Signed reports from being taken to the chain: once each, in batches of their own, found again, and examined."""

import hashlib
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from anchors import merkle
from anchors.cid import Cid
from anchors.database import State
from anchors.database.models import BatchRow, ReportRow
from anchors.fsck.examination import CHECKS, Told
from anchors.fsck.leaves import _made_again
from anchors.lane import Lane
from anchors.manifest import LeafType, decode
from anchors.pipeline import report_batch
from anchors.pipeline.worker import is_idle
from anchors.pipeline_state import look
from anchors.rebuild.finality import prove
from anchors.rebuild.rebuild import Rebuild
from anchors.receipt import anchor_json
from anchors.reports import ReportRecord, Reports
from ledger.errors import Unavailable
from tests.anchors.examined import codes, scene_of
from tests.anchors.examined import examine as examine_all
from tests.anchors.pipeline_node import AUTHORITY, PipelineNode, opened
from tests.consortium import Consortium

pytestmark = pytest.mark.usefixtures("on_each_database")
PATIENCE = 10


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        yield node


def run(node: PipelineNode) -> None:
    """Move on until nothing moves, after the time that reports wait for others."""
    node.consortium.clock.advance(PATIENCE)
    node.run()


def examine(node: PipelineNode, *, repair: bool = False) -> list[Told]:
    """What fsck finds, but for what the nodes of other tests have anchored on the same chain."""
    return examine_all(node, repair=repair, checks=[one for one in CHECKS if one[0] != "anchorings"])


def batches(node: PipelineNode) -> list[BatchRow]:
    with node.database.read() as session:
        return list(session.scalars(select(BatchRow).order_by(BatchRow.id)))


def count(node: PipelineNode) -> int:
    with node.database.read() as session:
        return session.scalar(select(func.count()).select_from(ReportRow)) or 0


def record(node: PipelineNode, digest: bytes) -> ReportRecord:
    found = node.reports.find(digest)
    assert found
    return found


def anchored(node: PipelineNode, digest: bytes) -> None:
    """The report is final, and its path leads to a root that the registry holds."""
    found = record(node, digest)
    assert (found.state, found.authority) == (State.FINAL, AUTHORITY)
    assert found.batch
    assert found.proof
    place = found.batch
    assert merkle.verify_inclusion(digest, place.index, place.size, place.path, place.root)
    held = node.registries.document.anchoring(place.root, place.size, place.manifest_digest)
    assert held
    assert found.block
    assert held.anchored_at == found.block.time <= found.proof.time


def test_reports_have_batches_of_their_own(node: PipelineNode) -> None:
    documents = node.accept(node.registration(), node.gated())
    digests = node.accept_reports(3)
    assert {record(node, digest).state for digest in digests} == {State.ACCEPTED}
    assert not is_idle(node.database)
    assert look(node.database).reports == 3
    run(node)
    assert look(node.database).reports == 0
    for digest in digests:
        anchored(node, digest)
    of_documents, of_reports = batches(node)
    assert of_documents.size == 3
    leaves = decode(node.store.get(Cid.parse(of_reports.manifest_cid))).leaves
    assert [(leaf.digest, leaf.issuer, leaf.leaf_type, leaf.payload_cid) for leaf in leaves] == [
        (digest, AUTHORITY, LeafType.REPORT, None) for digest in digests
    ]
    assert of_reports.lane == Lane.BULK
    assert {node.record(one.digest).state for one in documents} == {State.FINAL}
    assert node.archive.find(digests[0]) is None
    shown = anchor_json(record(node, digests[0]))
    assert shown.keys() == {"batch", "transaction", "finality", "final_at"}
    assert shown["batch"]["size"] == 3
    assert examine(node) == []


def test_a_report_is_taken_once(node: PipelineNode) -> None:
    node.tenant("one")
    node.tenant("two")
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(10)]

    def take(place: int) -> bool:
        return node.reports.accept(digests[place % 10], AUTHORITY, "one" if place % 3 else "two")

    with ThreadPoolExecutor(8) as threads:
        repeated = list(threads.map(take, range(80)))
    assert repeated.count(False) == len(digests) == count(node)
    run(node)
    assert all(take(place) for place in range(10))
    run(node)
    assert [row.size for row in batches(node)] == [10]
    for digest in digests:
        anchored(node, digest)


def test_a_tenant_waits_for_its_own_reports_only(node: PipelineNode) -> None:
    reports = Reports(node.database, node.finality, places=3, clock=node.consortium.clock)
    node.tenant("other")
    digests = node.accept_reports(3)
    with pytest.raises(Unavailable, match=r"report\.busy"):
        reports.accept(bytes(32), AUTHORITY, "sea-lines")
    assert reports.find(bytes(32)) is None
    assert reports.accept(digests[0], AUTHORITY, "sea-lines")
    assert not reports.accept(bytes(32), AUTHORITY, "other")
    run(node)
    assert not reports.accept(b"\1" * 32, AUTHORITY, "sea-lines")


def test_they_wait_for_each_other(node: PipelineNode) -> None:
    node.accept_reports(2)
    assert node.step(report_batch.step) == 0
    node.consortium.clock.advance(1)
    assert node.step(report_batch.step) == 0
    small = replace(node.resources.limits, batch_size=2)
    node.accept_reports(3)
    assert node.step(report_batch.step, limits=small) == 2
    assert node.step(report_batch.step, limits=small) == 2
    assert node.step(report_batch.step, limits=small) == 0
    node.consortium.clock.advance(PATIENCE)
    # While enough batches wait to be signed, one that is not full may wait too.
    assert node.step(report_batch.step, limits=replace(small, batches=2)) == 0
    assert node.step(report_batch.step, limits=replace(small, batches=3)) == 1
    assert [row.size for row in batches(node)] == [2, 2, 1]
    run(node)
    assert examine(node) == []


def test_a_manifest_that_is_gone_is_made_again_of_its_rows(node: PipelineNode) -> None:
    digests = node.accept_reports(5)
    run(node)
    [row] = batches(node)
    content = node.store.get(Cid.parse(row.manifest_cid))
    scene = scene_of(node)
    lost = replace(scene, stores=())
    assert lost.fetch(row.manifest_cid) is None
    with scene.viewed(lambda _: None) as viewed:
        assert _made_again(viewed, row, []) == content
    for digest in digests:
        anchored(node, digest)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"path": bytes(32)}, ["report.index"]),
        ({"leaf_index": 1}, ["report.index"]),
        ({"authority": "sg.customs"}, ["report.authority"]),
        ({"batch_id": None, "leaf_index": None, "path": None}, ["report.unplaced"]),
        ({"path": None}, ["report.index", "report.place"]),
    ],
)
def test_what_is_wrong_with_a_report_is_found_and_mended(
    node: PipelineNode, values: dict[str, object], found: list[str]
) -> None:
    first, *_ = node.accept_reports(3)
    run(node)
    with node.database.write() as session:
        session.execute(update(ReportRow).where(ReportRow.digest == first).values(values))
    assert codes(examine(node)) == found
    examine(node, repair=True)
    assert examine(node) == []
    anchored(node, first)


def test_a_row_that_is_lost_or_does_not_belong(node: PipelineNode) -> None:
    first, second = node.accept_reports(2)
    run(node)
    [row] = batches(node)
    with node.database.write() as session:
        session.execute(delete(ReportRow).where(ReportRow.digest == first))
    assert codes(examine(node)) == ["report.lost"]
    examine(node, repair=True)
    assert examine(node) == []
    anchored(node, first)
    node.accept_reports(1)
    with node.database.write() as session:
        stray = update(ReportRow).where(ReportRow.batch_id.is_(None))
        session.execute(stray.values(batch_id=row.id, leaf_index=7, path=b""))
    assert codes(examine(node)) == ["report.foreign"]
    anchored(node, second)


def test_after_a_rebuild_they_are_where_they_were(consortium_template: Consortium, tmp_path: Path) -> None:
    with consortium_template.copy(tmp_path) as consortium:
        with opened(consortium, tmp_path / "node") as node:
            document = node.accept(node.registration())[0].digest
            digests = node.accept_reports(7)
            run(node)
            before = [anchor_json(record(node, digest)) for digest in digests]
            waiting = node.accept_reports(1)[0]
        shutil.copytree(tmp_path / "node" / "payloads", tmp_path / "again" / "payloads")
        with opened(consortium, tmp_path / "again") as node:
            scene = scene_of(node)
            work = Rebuild(node.database, node.chain, scene.documents, scene.fetch, scene.accounts, scene.deployed_at)
            rebuilt = work.run()
            assert prove(node.database, node.chain, node.finality, int(consortium.clock())) == 0
            assert (rebuilt.documents, rebuilt.reports, rebuilt.wrong) == (1, 7, [])
            after = [anchor_json(record(node, digest)) for digest in digests]
            for one, other in zip(before, after, strict=True):
                assert (one["batch"], one["transaction"]) == (other["batch"], other["transaction"])
            assert node.record(document).state is State.FINAL
            # What was not anchored is lost, and is taken again; what was is known to be there.
            assert node.reports.find(waiting) is None
            node.tenant()
            assert node.reports.accept(digests[0], AUTHORITY, "sea-lines")
            assert not node.reports.accept(waiting, AUTHORITY, "sea-lines")
            run(node)
            anchored(node, waiting)
            assert examine_all(node) == []


def test_a_database_that_is_older_than_the_chain(consortium_template: Consortium, tmp_path: Path) -> None:
    """The report waited when the backup was made; the chain has it since. It is put there, and not anchored again."""
    with consortium_template.copy(tmp_path) as consortium, opened(consortium, tmp_path / "node") as node:
        first, second = node.accept_reports(2)
        run(node)
        with node.database.write() as session:
            session.execute(update(ReportRow).values(batch_id=None, leaf_index=None, path=None))
            [row] = session.scalars(select(BatchRow))
            session.delete(row)
        assert codes(examine_all(node)) == ["anchoring.unknown"]
        examine_all(node, repair=True)
        assert examine_all(node) == []
        run(node)
        for digest in (first, second):
            anchored(node, digest)
        held = [one for one in node.registries.document.all_anchored(0) if one.size == 2]
        assert len(held) == 1
