"""Promises of receipts against what was done, and how long documents took."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from anchors import latencies
from anchors.database import State
from anchors.database.models import BreachRow
from anchors.lane import Lane
from anchors.pipeline import promises
from anchors.pipeline.registration import Accepted
from anchors.pipeline.worker import TRACKS
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance
from tests.consortium import Consortium


@pytest.fixture
def node(consortium: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path_factory.mktemp("promises")) as node:
        yield node


def breaches(node: PipelineNode) -> dict[int, int | None]:
    """Promised time to anchored time of every breach."""
    with node.database.read() as session:
        return {row.promised_at: row.anchored_at for row in session.query(BreachRow)}


def urgent(node: PipelineNode) -> Accepted:
    [accepted] = node.accept(node.registration(lane=Lane.URGENT))
    return accepted


def test_what_is_kept_is_no_breach(node: PipelineNode) -> None:
    urgent(node)
    node.run()
    node.consortium.clock.advance(1_000)
    assert node.step(promises.step) == 0
    assert breaches(node) == {}


@pytest.mark.parametrize("state", [State.ACCEPTED, State.STORED, State.BATCHED, State.SIGNED, State.BROADCAST])
def test_late_in_every_state_is_noted_once_and_settled_when_final(node: PipelineNode, state: State) -> None:
    accepted = urgent(node)
    advance(node, state)
    node.consortium.clock.advance(119)
    assert node.step(promises.step) == 0
    node.consortium.clock.advance(7)
    assert node.step(promises.step) == 1
    node.consortium.clock.advance(7)
    assert node.step(promises.step) == 0
    assert breaches(node) == {accepted.anchored_by: None}
    node.run()
    node.consortium.clock.advance(7)
    assert node.step(promises.step) == 0
    anchored = breaches(node)[accepted.anchored_by]
    block = node.record(accepted.digest).block
    assert block is not None
    assert anchored == block.time > accepted.anchored_by


def test_late_and_anchored_between_two_looks_is_noted_too(node: PipelineNode) -> None:
    node.step(promises.step)
    accepted = urgent(node)
    node.consortium.clock.advance(130)
    steps = [*TRACKS["payloads"], *TRACKS["chain"]]
    for _ in range(4):
        for _, step in steps:
            node.step(step)
    assert node.record(accepted.digest).state is State.FINAL
    assert node.step(promises.step) == 1
    assert breaches(node)[accepted.anchored_by] is not None


def test_a_look_too_soon_does_nothing(node: PipelineNode) -> None:
    accepted = urgent(node)
    node.step(promises.step)
    node.consortium.clock.advance(4)
    with node.database.write() as session:
        session.execute(text("UPDATE documents SET promised_at = 0"))
    assert node.step(promises.step) == 0
    node.consortium.clock.advance(1)
    assert node.step(promises.step) == 1
    assert accepted


def test_latencies_count_each_document_in_its_lane(node: PipelineNode) -> None:
    urgent(node)
    node.accept(node.registration(), node.registration())
    node.consortium.clock.advance(4)
    node.run()
    found = latencies.read(node.database)
    assert sum(found[Lane.NORMAL].counts) == 2
    assert sum(found[Lane.URGENT].counts) == 1
    assert found[Lane.BULK] == latencies.Latency([0] * len(latencies.BOUNDS), 0, 0)
    assert 8 <= found[Lane.NORMAL].seconds <= 20
    # Four seconds and a few blocks: not below the bound of three.
    assert sum(found[Lane.NORMAL].counts[:3]) == 0
    node.run()
    assert latencies.read(node.database) == found


def test_beyond_every_bound(node: PipelineNode) -> None:
    urgent(node)
    node.consortium.clock.advance(20_000)
    node.run()
    assert latencies.read(node.database)[Lane.URGENT].beyond == 1
