"""How long the worker's tracks rest when a round of their steps has moved nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from anchors.database import State
from anchors.pipeline import worker as worker_module
from anchors.pipeline.worker import TRACKS, Worker, _Track
from ledger.errors import Unavailable
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.anchors.pipeline_wire import advance
from tests.consortium import Consortium

BUSY, IDLE = 0.05, 0.5


@pytest.fixture
def node(consortium: Consortium, tmp_path: Path) -> Iterator[PipelineNode]:
    with opened(consortium, tmp_path / "node") as node:
        yield node
    # What this one sent is not to wait in the pool when the next one sends.
    consortium.embedded.mine()


class Wake:
    """Waits no time, and notes for how long it should have; something happens in the wait of a certain number."""

    def __init__(self, happens: Callable[[], object], after: int, notified: bool = False) -> None:
        self.waits: list[float] = []
        self._happens, self._after, self._notified = happens, after, notified

    def wait(self, pause: float) -> bool:
        self.waits.append(pause)
        if len(self.waits) == self._after:
            self._happens()
            return self._notified
        return False


def rest(
    node: PipelineNode,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    happens: Callable[[], object] = lambda: None,
    after: int = 0,
    notified: bool = False,
) -> list[float]:
    """Return how long the track waited each time."""
    [track] = [one for one in Worker(node.resources, TRACKS)._tracks if one._name == name]
    assert isinstance(track, _Track)
    wake = Wake(happens, after, notified)
    track.wake = wake  # type: ignore[assignment]
    monkeypatch.setattr(worker_module, "time", SimpleNamespace(monotonic=lambda: round(sum(wake.waits), 6)))
    track._rest(track._newest())
    monkeypatch.undo()
    return wake.waits


@pytest.mark.parametrize("name", TRACKS)
def test_without_work_it_rests_long(node: PipelineNode, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert rest(node, monkeypatch, name) == [IDLE]


@pytest.mark.parametrize(
    ("state", "track"), [(State.ACCEPTED, "payloads"), (State.STORED, "chain"), (State.BATCHED, "chain")]
)
def test_the_track_that_can_move_something_goes_on_soon(
    node: PipelineNode, monkeypatch: pytest.MonkeyPatch, state: State, track: str
) -> None:
    node.accept(node.registration())
    if state is not State.ACCEPTED:
        advance(node, state)
    for name in TRACKS:
        waits = rest(node, monkeypatch, name)
        assert waits == [BUSY] if name == track else sum(waits) == pytest.approx(IDLE), name


def test_what_is_sent_waits_for_the_next_block(node: PipelineNode, monkeypatch: pytest.MonkeyPatch) -> None:
    node.accept(node.registration())
    advance(node, State.BROADCAST)
    for name in TRACKS:
        assert sum(rest(node, monkeypatch, name)) == pytest.approx(IDLE), name
    mine = node.consortium.embedded.mine
    assert rest(node, monkeypatch, "chain", mine, after=3) == [BUSY] * 3
    assert sum(rest(node, monkeypatch, "payloads", mine, after=3)) == pytest.approx(IDLE)


def test_who_is_told_of_work_rests_no_longer(node: PipelineNode, monkeypatch: pytest.MonkeyPatch) -> None:
    node.accept(node.registration())
    advance(node, State.BROADCAST)
    assert rest(node, monkeypatch, "payloads", after=2, notified=True) == [BUSY] * 2


def test_a_chain_out_of_reach_is_no_new_block(node: PipelineNode, monkeypatch: pytest.MonkeyPatch) -> None:
    node.accept(node.registration())
    advance(node, State.BROADCAST)

    def head() -> None:
        raise Unavailable("chain.connection", "away")

    monkeypatch.setattr(node.chain, "head", head)
    assert sum(rest(node, monkeypatch, "chain")) == pytest.approx(IDLE)
