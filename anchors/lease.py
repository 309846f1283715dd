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
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import LeaseRow
from ledger.errors import Unavailable
from ledger.failpoint import reached

SECONDS = 15.0
"""How long a lease lasts from its last renewal: what waits for a process that died waits so long at most."""


@dataclass(frozen=True)
class _Held:
    token: int
    until: float
    """By this process's monotonic clock, counted from before the question: never later than the database's."""


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

    def hold(self, name: str) -> bool:
        """Take the lease, or renew it in its second half; return whether this process holds it now.

        Raises Unavailable `database.*`.
        """
        with self._lock:
            held, now = self._held.get(name), self._monotonic()
            if held is not None and held.until - now > self._seconds / 2:
                return True
            token = self._taken(name)
            if token is None:
                self._held.pop(name, None)
                return False
            self._held[name] = _Held(token, now + self._seconds)
            return True

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
        with self._lock:
            held, self._held = self._held, {}
            if not held:
                return
            with self._database.write() as session:
                query = select(LeaseRow).where(LeaseRow.name.in_(held), LeaseRow.holder == self.holder)
                for row in session.scalars(query):
                    row.until = 0
            reached("lease.release.after")

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
