"""Leases: one process at a time does what only one may do, and another takes over when it dies.

A lease is a row with an end. Whoever holds it renews it while it works; who finds it ended takes it, with the next
token. A process that was stopped for longer than its lease (a paused machine) finds out at its next commit: `guard`
reads the row in the same database transaction, so nothing that rests on a lost lease becomes durable.
"""

import os
import secrets
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import LeaseRow
from ledger.errors import Unavailable
from ledger.failpoint import reached

SECONDS = 15.0
"""How long a lease lasts from its last renewal: what waits for a process that died waits so long at most."""

LONGEST = 600.0
"""How long a lease is renewed for a step that does not come back: then another process may try."""

PATIENCE = 30.0
_PAUSE = 0.05
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Held:
    token: int
    until: float
    asked: float
    """Both by this process's monotonic clock. until: counted from before the question, never later than the
    database's. asked: when the work began for which it is held."""


class Leases:
    """The leases of one process (`holder`); thread-safe. `clock`: seconds since the epoch.

    Without one, PostgreSQL's own clock counts, since the machines' clocks differ; with SQLite there is one machine.
    """

    def __init__(
        self,
        database: Database,
        holder: str = "",
        *,
        seconds: float = SECONDS,
        clock: Callable[[], float] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.holder = holder or f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._database = database
        self._seconds = seconds
        self._clock = clock or (None if database.has_many_writers else time.time)
        self._monotonic = monotonic
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Renew what is held, in a thread, so that a long step keeps its lease; until `release`."""
        self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
        self._thread.start()

    def hold(self, name: str) -> bool:
        """Take the lease, or renew it in its second half; return whether this process holds it now.

        Raises Unavailable `database.*`.
        """
        with self._lock:
            return self._hold(name, self._monotonic())

    @contextmanager
    def alone(self, name: str, patience: float = PATIENCE) -> Iterator[None]:
        """Hold the lease for the block: one thread of one process at a time; wait for it at most `patience` seconds.

        Raises Unavailable `lease.busy`, `database.*`.
        """
        deadline = self._monotonic() + patience
        with self._turns[name]:
            while not self.hold(name):
                if self._monotonic() > deadline:
                    detail = f"another process has been at the work {name!r} for {patience:.0f} s"
                    raise Unavailable("lease.busy", detail, mend="try again")
                time.sleep(_PAUSE)
            try:
                yield
            finally:
                self._give_back(name)

    def is_held(self, name: str) -> bool:
        """Tell whether any process holds the lease now. Raises Unavailable `database.*`."""
        with self._database.read() as session:
            until = session.scalar(select(LeaseRow.until).where(LeaseRow.name == name))
            return until is not None and until > self._now(session)

    def guard(self, session: Session, name: str) -> None:
        """Return if this process holds the lease in this transaction, and nobody takes it before the commit.

        Raises Unavailable `pipeline.lease-lost`.
        """
        held = self._held.get(name)
        # Without the lock of the row another process could take the lease between this look and the commit.
        row = session.scalar(select(LeaseRow).where(LeaseRow.name == name).with_for_update())
        if held is None or row is None or (row.holder, row.token) != (self.holder, held.token):
            self._held.pop(name, None)
            raise Unavailable(
                "pipeline.lease-lost",
                f"another process has taken over the work {name!r}",
                mend="nothing: this one goes on when it gets the lease again",
            )

    def release(self) -> None:
        """Give back everything that is held, so that others need not wait. Raises Unavailable `database.*`."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with self._lock:
            held, self._held = self._held, {}
            self._free(list(held))
            reached("lease.release.after")

    def _give_back(self, name: str) -> None:
        with self._lock:
            self._held.pop(name, None)
            try:
                self._free([name])
            except Unavailable as error:
                # What was done is done; the lease ends by itself.
                _log.warning("lease not given back", work=name, code=error.code)

    def _free(self, names: Sequence[str]) -> None:
        if names:
            with self._database.write() as session:
                query = update(LeaseRow).where(LeaseRow.name.in_(names), LeaseRow.holder == self.holder)
                session.execute(query.values(until=0))

    def _renew(self) -> None:
        while not self._ending.wait(self._seconds / 4):
            for name in list(self._held):
                try:
                    self._renew_one(name)
                except Unavailable as error:
                    _log.warning("lease not renewed", work=name, code=error.code)

    def _renew_one(self, name: str) -> None:
        with self._lock:
            held = self._held.get(name)
            if held is not None and self._monotonic() - held.asked < LONGEST:
                self._hold(name, held.asked)

    def _hold(self, name: str, asked: float) -> bool:
        held, now = self._held.get(name), self._monotonic()
        if held is not None and held.until - now > self._seconds / 2:
            self._held[name] = replace(held, asked=asked)
            return True
        token = self._taken(name)
        if token is None:
            self._held.pop(name, None)
            return False
        self._held[name] = _Held(token, now + self._seconds, asked)
        return True

    def _taken(self, name: str) -> int | None:
        try:
            return self._take(name)
        except Unavailable as error:
            # Nobody ever had this lease, and another process was first.
            if error.code != "database.conflict":
                raise
            return None

    def _take(self, name: str) -> int | None:
        with self._database.write() as session:
            now = self._now(session)
            row = session.scalar(select(LeaseRow).where(LeaseRow.name == name).with_for_update())
            if row is None:
                row = LeaseRow(name=name, holder=self.holder, token=1)
                session.add(row)
            elif row.holder != self.holder:
                if row.until > now:
                    return None
                row.holder, row.token = self.holder, row.token + 1
            row.until = now + self._seconds
            reached("lease.commit.before")
        reached("lease.commit.after")
        return row.token

    def _now(self, session: Session) -> float:
        if self._clock is not None:
            return self._clock()
        return float(session.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0)
