"""The main job on real servers, which are stopped and started on the way; what was seen is kept, to be judged after."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.cli.client import Client
from api.demonstration.cases import Case, Registered
from api.demonstration.establishing import Established
from api.demonstration.tour import Tour
from ledger.envelope import parse
from tests.faults.node_process import NodeProcess
from tests.flows.grounds import Ground
from tests.servers.kubo_daemon import Kubo

Verdicts = list[tuple[Case, dict[str, Any]]]
EARLY = ("accepted", "stored", "batched", "signed", "broadcast", "mined")


@dataclass
class Journey:
    """What was seen. `held`: states of the documents when the servers went; `shown`, `away`: documents and verdicts
    while the chain was not there; `without_kubo`: while only Kubo was not; `under_way`: while all came and went;
    `again`: after our node did too."""

    store: str
    node: NodeProcess
    registered: Registered
    held: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    away: Verdicts = field(default_factory=list)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: str = ""
    verdicts: Verdicts = field(default_factory=list)
    without_kubo: Verdicts = field(default_factory=list)
    under_way: Verdicts = field(default_factory=list)
    after: Verdicts = field(default_factory=list)
    exit_codes: list[int] = field(default_factory=list)
    again: Verdicts = field(default_factory=list)
    opened_again: str = ""
    seconds: float = 0.0

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each envelope, by its name."""
        return {name: parse(envelope).digest.hex() for name, envelope in vars(self.registered).items()}


def travel(home: Path, established: Established, ground: Ground, kubo: Kubo | None) -> Journey:
    """Go the whole way. `ground` and `kubo` run at the start and at the end."""
    begun = time.monotonic()
    node = NodeProcess(home, *(["--kubo", kubo.api] if kubo else []))
    tour = Tour(node.address, established)
    node.start()
    try:
        node.await_ready()
        journey = _registered_while_away(node, tour, ground, kubo)
        _until_final(journey, tour)
        _verified_while_away(journey, tour, ground, kubo)
        _after_our_node_was_away(journey, tour)
    finally:
        node.kill()
    journey.seconds = time.monotonic() - begun
    return journey


def _registered_while_away(node: NodeProcess, tour: Tour, ground: Ground, kubo: Kubo | None) -> Journey:
    """Register while nothing can become final; then all servers stop, and our node is stopped and started too."""
    ground.hold()
    if kubo:
        kubo.stop()
    journey = Journey("Kubo" if kubo else "folder", node, tour.register())
    _settle(journey, "accepted" if kubo else "broadcast", ground)
    ground.stop()
    journey.held = _states(journey)
    if ground.rpc:
        journey.parts = node.parts()
        journey.shown = _documents(journey)
        journey.away = tour.verify(journey.registered)
    journey.exit_codes.append(node.stop())
    node.start()
    node.await_answering()
    ground.start()
    if kubo:
        kubo.start()
    node.await_ready()
    return journey


def _settle(journey: Journey, state: str, ground: Ground) -> None:
    """Wait until the documents have come as far as they can; on the embedded chain nothing holds them."""
    deadline = time.monotonic() + 60
    while ground.rpc and set(_states(journey).values()) - {state, "mined"}:
        assert time.monotonic() < deadline, _states(journey)
        time.sleep(0.1)


def _until_final(journey: Journey, tour: Tour) -> None:
    journey.documents = tour.await_final(journey.digests)
    journey.opened = tour.open_as_reader(journey.digests["bill"]).strip()
    tour.revoke(journey.digests["revoked"])
    journey.verdicts = tour.verify(journey.registered)


def _verified_while_away(journey: Journey, tour: Tour, ground: Ground, kubo: Kubo | None) -> None:
    """Ask on and on while the servers stop and start."""
    with _asking(journey, tour):
        if kubo:
            kubo.stop()
            journey.without_kubo = tour.verify(journey.registered)
        ground.stop()
        _await_round(journey)
        ground.start()
        if kubo:
            kubo.start()
        journey.node.await_ready()
        _await_round(journey)
    journey.after = tour.verify(journey.registered)


def _await_round(journey: Journey) -> None:
    """Wait until every case was asked for from now on: what was under way counts for nothing."""
    enough, deadline = len(journey.under_way) + 2 * len(journey.verdicts), time.monotonic() + 120
    while len(journey.under_way) < enough:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def _asking(journey: Journey, tour: Tour) -> Iterator[None]:
    ended = threading.Event()

    def ask() -> None:
        rounds = 0
        while rounds < 2 or not ended.is_set():
            journey.under_way += tour.verify(journey.registered)
            rounds += 1
            ended.wait(0.2)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _after_our_node_was_away(journey: Journey, tour: Tour) -> None:
    journey.exit_codes.append(journey.node.stop())
    journey.node.start()
    journey.node.await_ready()
    journey.again = tour.verify(journey.registered)
    journey.opened_again = tour.open_as_reader(journey.digests["certificate"]).strip()
    journey.exit_codes.append(journey.node.stop())


def _states(journey: Journey) -> dict[str, str]:
    return {name: document["state"] for name, document in _documents(journey).items()}


def _documents(journey: Journey) -> dict[str, dict[str, Any]]:
    client = Client(journey.node.address)
    return {name: client.get(f"/v1/documents/{digest}") for name, digest in journey.digests.items()}
