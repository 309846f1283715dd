"""The thread that moves documents on, step by step, until they are final."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import or_, select

from anchors.database import Database, State
from anchors.database.models import BatchRow, DocumentRow
from anchors.pipeline import batch, broadcast, confirm, finalize, promises, sign, store
from anchors.pipeline.resources import Resources
from ledger.errors import PortsealError, Unavailable

Step = Callable[[Resources], int]

STEPS: Sequence[tuple[str, Step]] = (
    ("store", store.step),
    ("batch", batch.step),
    ("sign", sign.step),
    ("broadcast", broadcast.step),
    ("confirm", confirm.step),
    ("collect", lambda resources: resources.finality.collect() if resources.leases.hold("finality") else 0),
    ("finalize", finalize.step),
    ("promises", promises.step),
)

_MOVING = (State.BATCHED, State.SIGNED, State.BROADCAST, State.MINED)
_BUSY_SECONDS = 0.05
_IDLE_SECONDS = 0.5
_LONGEST_BACKOFF = 10.0

_log = structlog.get_logger(__name__)


class Worker:
    """Runs the steps in a thread of its own. Its state is in the database and on the chain, none of it here.

    A step that fails is tried again later, with growing pauses, and holds up only what waits for it.
    """

    def __init__(self, resources: Resources, steps: Sequence[tuple[str, Step]] = STEPS) -> None:
        self._resources = resources
        self._steps = steps
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="pipeline", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let the running step end, then end the thread and give the leases back; the next start goes on."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        try:
            self._resources.leases.release()
        except PortsealError as error:
            # They end by themselves; others only wait a little longer.
            _log.warning("leases not given back", code=error.code)

    @property
    def is_running(self) -> bool:
        """Whether the thread is there and alive."""
        return self._thread is not None and self._thread.is_alive()

    def notify(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def run_once(self) -> int:
        """Make every step once; return how much moved. What a step raises is logged and counted as a failure."""
        failures = self._failures
        moved = sum(self._make(name, step) for name, step in self._steps)
        if failures == self._failures:
            self._failures = 0
        return moved

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

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if not self.run_once():
                self._wake.wait(self._pause())

    def _make(self, name: str, step: Step) -> int:
        if self._stopping.is_set():
            return 0
        try:
            moved = step(self._resources)
        except PortsealError as error:
            self._failures += 1
            _log.warning("step failed", step=name, code=error.code, detail=error.detail, failures=self._failures)
            return 0
        except Exception:
            # A fault of ours must not end the thread that keeps the promises given in receipts.
            self._failures += 1
            _log.exception("step broke", step=name, failures=self._failures)
            return 0
        if moved:
            _log.info("step", step=name, moved=moved)
        return moved

    def _pause(self) -> float:
        if self._failures:
            return min(_LONGEST_BACKOFF, _BUSY_SECONDS * 2.0 ** min(self._failures, 10))
        try:
            return _IDLE_SECONDS if is_idle(self._resources.database) else _BUSY_SECONDS
        except PortsealError:
            return _LONGEST_BACKOFF


def is_idle(database: Database) -> bool:
    """Tell whether every document is final or failed."""
    documents = select(DocumentRow.number).where(
        or_(DocumentRow.state == State.ACCEPTED, DocumentRow.state == State.STORED)
    )
    batches = select(BatchRow.id).where(BatchRow.state.in_(_MOVING))
    with database.read() as session:
        return not any(session.scalar(query.limit(1)) for query in (documents, batches))
