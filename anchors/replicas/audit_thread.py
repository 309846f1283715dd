"""The thread that cares for the stores: asks again those that were away, brings what is lacking, audits."""

import threading
import time
from collections.abc import Callable

import structlog

from anchors.database import Database
from anchors.lease import Leases
from anchors.replicas.audit import Audit
from anchors.replicas.audit_pass import AuditPass
from anchors.replicas.fill import Fill
from anchors.replicas.record import LISTINGS, Listing
from anchors.replicas.replicas import Replicas
from anchors.stores.checked_store import INTERVAL
from anchors.stores.known_store import KnownStore
from ledger.errors import PortsealError, Unavailable

BUDGET = 128 * 1024
"""Bytes per second that are audited of each store."""

_WORK = "stores"
_TURN_SECONDS = 1.0
_SAMPLED = 16  # every so many turns some are looked at out of turn

_log = structlog.get_logger(__name__)


class AuditThread:
    """Cares for the stores of `replicas`, in one process at a time. Where it goes on is in the database.

    budget: bytes per second that are read of each store to audit it. Filling is not held to it, but works at most half
    of the time.
    """

    def __init__(
        self,
        database: Database,
        replicas: Replicas,
        leases: Leases,
        *,
        budget: int = BUDGET,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._replicas = replicas
        self._leases = leases
        self._budget = budget
        self._clock = clock
        self._audit = Audit(database, replicas)
        self._fill = Fill(database, replicas)
        self._turns = 0
        self._owed: dict[int, int] = {}
        self._audit_at = self._check_at = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="stores", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let what is under way end, then end the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def run_once(self) -> bool:
        """Make one turn; return whether there is more to bring.

        A store that fails is logged and holds up no other. Raises Unavailable `database.*`.
        """
        self._check()
        if not self._leases.hold(_WORK):
            return False
        is_more = False
        for store in self._replicas.stores:
            is_more |= bool(self._make(store, self._bring))
        if time.monotonic() >= self._audit_at:
            self._audit_at = time.monotonic() + _TURN_SECONDS
            self._turns += 1
            for store in self._replicas.stores:
                self._make(store, self._examine)
        return is_more

    def _check(self) -> None:
        """Ask each store that is said to be away, and now and then all: a disk fills up without being written to."""
        is_time = time.monotonic() >= self._check_at
        if is_time:
            self._check_at = time.monotonic() + INTERVAL
        for store in self._replicas.stores:
            if is_time or store.fault is not None:
                self._make(store, KnownStore.check)

    def _run(self) -> None:
        while not self._stopping.is_set():
            start = time.monotonic()
            is_more = self._safely()
            taken = time.monotonic() - start
            self._stopping.wait(taken if is_more else max(_TURN_SECONDS - taken, taken))

    def _safely(self) -> bool:
        try:
            return self.run_once()
        except PortsealError as error:
            _log.warning("audit failed", code=error.code, detail=error.detail)
        except Exception:
            # A fault of ours must not end the thread that finds damage.
            _log.exception("audit broke")
        return False

    def _make(self, store: KnownStore, work: Callable[[KnownStore], object]) -> object:
        """Work with a store, unless it is known to be away."""
        if self._stopping.is_set() or not store.is_due:
            return None
        try:
            return work(store)
        except Unavailable as error:
            if error.code.startswith("database."):
                raise
            _log.warning("store failed", store=store.name, code=error.code, detail=error.detail)
            return None

    def _bring(self, store: KnownStore) -> bool:
        if store.fault is not None:
            return False
        more = [self._fill.fill(store, listing).end is not None for listing in LISTINGS]  # each gets its turn
        return any(more)

    def _examine(self, store: KnownStore) -> None:
        left = self._budget - self._owed.get(store.bit, 0)
        for listing in LISTINGS:
            left -= self._examine_listing(store, listing, left)
        self._owed[store.bit] = max(0, -left)  # a payload that was larger than a turn's budget is paid for by the next

    def _examine_listing(self, store: KnownStore, listing: Listing, limit: int) -> int:
        now = int(self._clock())
        passing = AuditPass(self._database, store, listing)
        place = passing.place(now)
        if place is None or limit <= 0:
            return 0
        size = self._audit.sample(store, listing, limit).size if self._turns % _SAMPLED == 0 else 0
        audited = self._audit.examine(store, listing, place, limit)
        passing.advance(place, audited.next, now)
        return size + audited.size
