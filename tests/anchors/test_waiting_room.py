"""The waiting room: who is taken and who is told to come again, before any work is done."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from anchors.database import State
from anchors.database.models import DocumentRow
from anchors.lane import Lane
from anchors.pipeline import batch, store
from anchors.pipeline.accept import Registrar
from anchors.pipeline.registration import Accepted
from anchors.pipeline.waiting_room import Busy, WaitingRoom
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import Consortium


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Room:
    node: PipelineNode
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.room = WaitingRoom(self.node.database, 10, self.clock)
        self.registrar = Registrar(
            self.node.database, self.node.directory, self.node.office, room=self.room, clock=self.node.consortium.clock
        )

    def accept(self, count: int, lane: Lane = Lane.NORMAL) -> list[object]:
        return list(self.registrar.accept([self.node.registration(lane=lane) for _ in range(count)]))

    def look_again(self, seconds: float = 1.0) -> None:
        self.clock.now += seconds


@pytest.fixture(scope="module")
def node(consortium: Consortium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path_factory.mktemp("room")) as node:
        yield node


@pytest.fixture
def room(node: PipelineNode) -> Room:
    node.run()
    return Room(node)


def seconds_of(room: Room, lane: Lane) -> int:
    with pytest.raises(Busy) as caught:
        room.room.check(lane)
    assert caught.value.code == "pipeline.busy"
    assert lane.word in caught.value.detail
    return caught.value.retry_seconds


def test_bulk_waits_outside_while_urgent_comes_in(room: Room) -> None:
    assert all(isinstance(one, Accepted) for one in room.accept(6))
    room.look_again()
    seconds_of(room, Lane.BULK)
    room.room.check(Lane.NORMAL)
    assert all(isinstance(one, Accepted) for one in room.accept(2, Lane.URGENT))
    room.look_again()
    seconds_of(room, Lane.NORMAL)
    assert all(isinstance(one, Accepted) for one in room.accept(2, Lane.URGENT))
    room.look_again()
    seconds_of(room, Lane.URGENT)


def test_what_was_just_accepted_counts_before_the_next_look(room: Room) -> None:
    assert len([one for one in room.accept(8) if isinstance(one, Accepted)]) == 8
    seconds_of(room, Lane.NORMAL)


def test_nothing_is_examined_and_nothing_kept_of_what_is_not_taken(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.accept(8)

    def examined(*_: object) -> None:
        raise AssertionError("work for somebody who is not taken")

    monkeypatch.setattr("anchors.pipeline.accept.examine", examined)
    [result] = room.accept(1)
    assert isinstance(result, Busy)
    with room.node.database.read() as session:
        assert session.query(DocumentRow).where(DocumentRow.state == State.ACCEPTED).count() == 8


def test_a_place_is_free_when_documents_are_batched_and_the_rate_tells_when(room: Room) -> None:
    room.accept(8)
    room.look_again()
    assert seconds_of(room, Lane.NORMAL) == 60
    room.node.step(store.step)
    room.look_again()
    assert seconds_of(room, Lane.NORMAL) == 60
    room.node.step(batch.step)
    room.look_again(2)
    room.room.check(Lane.BULK)
    room.accept(8)
    room.look_again()
    # Eight went in five seconds; one place is needed.
    assert seconds_of(room, Lane.NORMAL) == 1


def test_lanes_make_batches_of_their_own_the_urgent_first(room: Room) -> None:
    for lane in (Lane.BULK, Lane.NORMAL, Lane.URGENT):
        assert all(isinstance(one, Accepted) for one in room.accept(2, lane))
        room.look_again()
    room.node.step(store.step)
    assert room.node.step(batch.step) == 6
    digests = [bytes(row) for row in _by_batch(room.node)]
    lanes = [room.node.record(digest).batch for digest in digests]
    assert len({place.root for place in lanes if place}) == 3
    room.node.run()


def _by_batch(node: PipelineNode) -> list[bytes]:
    with node.database.read() as session:
        rows = session.query(DocumentRow).where(DocumentRow.batch_id.is_not(None)).order_by(DocumentRow.batch_id.desc())
        rows = rows.limit(6).all()
    # In the order of batches: those of the urgent lane were made first.
    assert [row.lane for row in reversed(rows)] == [0, 0, 1, 1, 2, 2]
    return [row.digest for row in rows]


def test_a_bulk_document_waits_for_more_of_its_lane_only(room: Room) -> None:
    room.accept(1, Lane.BULK)
    room.node.step(store.step)
    room.accept(1, Lane.NORMAL)
    assert room.node.step(batch.step) == 1
    room.accept(1, Lane.BULK)
    room.node.step(store.step)
    room.look_again()
    room.accept(1, Lane.BULK)
    # One bulk and one normal document are stored; another bulk one is on its way, and nothing waits for two seconds.
    assert room.node.step(batch.step) == 1
    room.node.consortium.clock.advance(3)
    assert room.node.step(batch.step) == 1
    room.node.run()


def test_tenants_take_turns(room: Room) -> None:
    other = room.node.tenants.get("small-lines") or room.node.tenants.create(
        "small-lines", ["cn.carrier"], room.node.tenant_key.public_key
    )
    room.accept(7)
    [small] = room.registrar.accept([room.node.registration(tenant=other)])
    assert isinstance(small, Accepted)
    limits = replace(room.node.resources.limits, store_documents=2)
    assert room.node.step(store.step, limits=limits) == 2
    assert room.node.record(small.digest).state is State.STORED
    room.node.run()
