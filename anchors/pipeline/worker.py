"""The threads that move documents on, step by step, until they are final.

Three tracks, a thread each, so that a payload store that is slow or away holds up no transaction, and looking after
what is done holds up nothing.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from opentelemetry import trace

from anchors.database import Database
from anchors.pipeline import batch, broadcast, confirm, finalize, gap, promises, report_batch, sign, store, sweep
from anchors.pipeline.meters import STEP_FAILURES, STEP_MOVED, STEP_SECONDS
from anchors.pipeline.outlook import Outlook, outlook
from anchors.pipeline.resources import Resources
from ledger.errors import PortsealError, Unavailable

Step = Callable[[Resources], int]
Steps = Sequence[tuple[str, Step]]


def _collect(resources: Resources) -> int:
    # A process without the members' keys must not keep the work from one that has them.
    if not resources.finality.collects or not resources.leases.hold("finality"):
        return 0
    return resources.finality.collect()


TRACKS: Mapping[str, Steps] = {
    "payloads": (("store", store.step),),
    "chain": (
        ("batch", batch.step),
        ("report-batch", report_batch.step),
        ("sign", sign.step),
        ("gap", gap.step),
        ("broadcast", broadcast.step),
        ("confirm", confirm.step),
        ("collect", _collect),
        ("finalize", finalize.step),
        ("sweep", sweep.step),
    ),
    "care": (("promises", promises.step),),
}

_DUE: Mapping[str, Callable[[Outlook], bool]] = {
    "payloads": lambda waiting: waiting.to_store,
    "chain": lambda waiting: waiting.to_batch or waiting.to_send,
}
"""What makes a track's round due at once; for what is sent the chain's next block does."""

_BUSY_SECONDS = 0.05
_IDLE_SECONDS = 0.5
_LONGEST_BACKOFF = 10.0

_log = structlog.get_logger(__name__)
_tracer = trace.get_tracer("portseal.pipeline")


class Worker:
    """Runs the tracks. Its state is in the database and on the chain, none of it here.

    A step that fails is tried again later, with growing pauses, and holds up only what waits for it.
    """

    def __init__(self, resources: Resources, tracks: Mapping[str, Steps] = TRACKS) -> None:
        self._resources = resources
        self._stopping = threading.Event()
        self._tracks = [_Track(name, resources, steps, self._stopping) for name, steps in tracks.items()]

    def start(self) -> None:
        """Start the threads."""
        for track in self._tracks:
            track.start()

    def stop(self) -> None:
        """Let the running steps end, then end the threads and give the leases back; the next start goes on."""
        self._stopping.set()
        for track in self._tracks:
            track.join()
        try:
            self._resources.leases.release()
        except PortsealError as error:
            # They end by themselves; others only wait a little longer.
            _log.warning("leases not given back", code=error.code)

    @property
    def is_running(self) -> bool:
        """Whether every thread is there and alive."""
        return all(track.is_alive for track in self._tracks)

    def notify(self) -> None:
        """Say that there is something to do."""
        for track in self._tracks:
            track.wake.set()

    def run_once(self) -> int:
        """Make every step once, in the caller's thread; return how much moved. What a step raises is logged."""
        return sum(track.run_once() for track in self._tracks)

    def run_until_idle(self, seconds: float = 60.0) -> None:
        """Work in the caller's thread until every document is final or failed.

        Raises Unavailable `pipeline.unfinished` when `seconds` have passed before.
        """
        deadline = time.monotonic() + seconds
        while not is_idle(self._resources.database):
            if time.monotonic() > deadline:
                raise Unavailable(
                    "pipeline.unfinished",
                    f"documents are still on their way after {seconds} s",
                    mend="look into the log for the step that fails",
                )
            if not self.run_once():
                time.sleep(_BUSY_SECONDS)


class _Track:
    """Steps that are made one after the other."""

    def __init__(self, name: str, resources: Resources, steps: Steps, stopping: threading.Event) -> None:
        self.wake = threading.Event()
        self._name = name
        self._resources = resources
        self._steps = steps
        self._stopping = stopping
        self._failures = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"pipeline-{self._name}", daemon=True)
        self._thread.start()

    def join(self) -> None:
        self.wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    @property
    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def run_once(self) -> int:
        failures = self._failures
        moved = sum(self._make(name, step) for name, step in self._steps)
        if failures == self._failures:
            self._failures = 0
        return moved

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.wake.clear()
            newest = self._newest()
            if not self.run_once():
                self._rest(newest)

    def _make(self, name: str, step: Step) -> int:
        if self._stopping.is_set():
            return 0
        try:
            return self._measured(name, step)
        except PortsealError as error:
            self._failed(name, error.code)
            _log.warning("step failed", step=name, code=error.code, detail=error.detail, failures=self._failures)
        except Exception:
            # A fault of ours must not end the thread that keeps the promises given in receipts.
            self._failed(name, "internal")
            _log.exception("step broke", step=name, failures=self._failures)
        return 0

    def _measured(self, name: str, step: Step) -> int:
        began = time.time_ns()
        moved = step(self._resources)
        if moved:
            seconds = (time.time_ns() - began) / 1e9
            STEP_SECONDS.labels(name).observe(seconds)
            STEP_MOVED.labels(name).inc(moved)
            # Only of what moved: a worker that looks for work twenty times a second is no trace worth keeping.
            _tracer.start_span(f"pipeline.{name}", start_time=began, attributes={"portseal.moved": moved}).end()
            _log.info("step", step=name, moved=moved)
        return moved

    def _failed(self, name: str, code: str) -> None:
        self._failures += 1
        STEP_FAILURES.labels(name, code).inc()

    def _rest(self, newest: bytes | None) -> None:
        """Wait until there is something to do, half a second at most; a look is one query, a round of steps dozens.

        newest: the block that was the newest one before the steps were made.
        """
        if self._failures:
            self.wake.wait(min(_LONGEST_BACKOFF, _BUSY_SECONDS * 2.0 ** min(self._failures, 10)))
            return
        ending, pause = time.monotonic() + _IDLE_SECONDS, _BUSY_SECONDS
        try:
            if outlook(self._resources.database).is_idle:
                pause = _IDLE_SECONDS
            while not self.wake.wait(pause) and time.monotonic() < ending and not self._is_due(newest):
                pass
        except PortsealError:
            self.wake.wait(_LONGEST_BACKOFF)

    def _is_due(self, newest: bytes | None) -> bool:
        waiting = outlook(self._resources.database)
        return _DUE.get(self._name, _never)(waiting) or (waiting.sent and self._newest() != newest)

    def _newest(self) -> bytes | None:
        """Return the hash of the newest block; None for a track that awaits none, and if it cannot be had."""
        try:
            return self._resources.chain.head().hash if self._name == "chain" else None
        except PortsealError:
            return None


def _never(_: Outlook) -> bool:
    return False


def is_idle(database: Database) -> bool:
    """Tell whether every document is final or failed, and every report final."""
    return outlook(database).is_idle
