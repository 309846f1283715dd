"""How many documents may wait to be batched: beyond that none is taken, and that is said before any work is done."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from anchors.database import Database, State
from anchors.database.models import DocumentRow
from anchors.lane import Lane
from anchors.replicas.replicas import Replicas
from ledger.errors import Unavailable

PLACES = 100_000
"""Documents that may wait to be batched, of all lanes together."""

PARTS: Mapping[Lane, float] = {Lane.URGENT: 1.0, Lane.NORMAL: 0.85, Lane.BULK: 0.6}
"""How full the room may be for a lane to be taken: what is urgent finds a place while bulk waits outside."""

_LOOK_SECONDS = 0.25
_RATE_SECONDS = 20.0
_SHORTEST, _LONGEST = 1, 60


class Busy(Unavailable):
    """Too many documents wait; `retry_seconds`: when there will be a place, by what moved on lately."""

    def __init__(self, lane: Lane, waiting: int, retry_seconds: int) -> None:
        super().__init__(
            "pipeline.busy",
            f"{waiting} documents wait; the lane {lane.word} takes no more for now",
            mend=f"send it again in {retry_seconds} s; nothing of it was kept",
        )
        self.retry_seconds = retry_seconds


@dataclass(frozen=True)
class _Look:
    time: float
    waiting: int
    accepted: int


class WaitingRoom:
    """The documents that are accepted and not batched yet; thread-safe. Looked at every quarter of a second.

    Several processes may take from the same places between two looks: the bound may be passed by what they accept then.
    """

    def __init__(
        self,
        database: Database,
        places: int = PLACES,
        monotonic: Callable[[], float] = time.monotonic,
        stores: Replicas | None = None,
    ) -> None:
        self._database = database
        self._places = places
        self._monotonic = monotonic
        self._stores = stores
        self._looks: deque[_Look] = deque()
        self._entered = 0
        self._lock = threading.Lock()

    def check(self, lane: Lane) -> None:
        """Return if a document of the lane may come in.

        Raises Busy `pipeline.busy`, Unavailable `database.*`, `store.full`.
        """
        if self._stores is not None:
            self._stores.require_room()
        with self._lock:
            look = self._look()
            waiting, limit = look.waiting + self._entered, int(self._places * PARTS[lane])
            if waiting >= limit:
                raise Busy(lane, waiting, self._seconds(waiting - limit + 1))

    def enter(self, count: int) -> None:
        """Say that so many were accepted just now."""
        with self._lock:
            self._entered += count

    def _look(self) -> _Look:
        now = self._monotonic()
        if self._looks and now - self._looks[-1].time < _LOOK_SECONDS:
            return self._looks[-1]
        states = (State.ACCEPTED, State.STORED)
        waiting = select(func.count()).select_from(DocumentRow).where(DocumentRow.state.in_(states))
        with self._database.read() as session:
            look = _Look(now, session.scalar(waiting) or 0, session.scalar(select(func.max(DocumentRow.number))) or 0)
        self._looks.append(look)
        while now - self._looks[0].time > _RATE_SECONDS:
            self._looks.popleft()
        self._entered = 0
        return look

    def _seconds(self, over: int) -> int:
        first, last = self._looks[0], self._looks[-1]
        moved = (last.accepted - last.waiting) - (first.accepted - first.waiting)
        if moved <= 0:
            return _LONGEST
        return max(_SHORTEST, min(_LONGEST, math.ceil(over * (last.time - first.time) / moved)))
