"""One look at the chain for all who listen: the newest changes, kept in memory, and who is to be woken for them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import structlog

from api.change_feed import ChangeFeed, NoticePage
from api.change_json import Notice
from ledger.errors import PortsealError, Unavailable
from ledger.feed_cursor import Cursor
from ledger.registry_feed import CursorReplaced

MOST_STREAMS = 100
"""Streams at once: a quarter of the connections that a node takes (api/connection.py)."""
SECONDS = 0.2
"""Between two looks at the chain, while anybody listens; a block takes a second at least."""
_KEPT = 2_000
_AT_ONCE = 1_000
_AFTER_A_FAULT = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tail:
    """Every change between the place `start` and the cursor `after`; `epoch` counts the chain's reorganisations."""

    start: tuple[int, int]
    notices: tuple[Notice, ...]
    after: Cursor
    final: int
    epoch: int

    def since(self, cursor: Cursor) -> tuple[Notice, ...] | None:
        """Return what came after the cursor; None if that is not all here."""
        if not self.start <= cursor.place <= self.after.place:
            return None
        return tuple(notice for notice in self.notices if notice.place > cursor.place)

    def grown(self, page: NoticePage) -> "Tail":
        """Return the tail with one more page, and without what is too long ago."""
        notices = self.notices + page.notices
        start = notices[-_KEPT - 1].place if len(notices) > _KEPT else self.start
        return Tail(start, notices[-_KEPT:], page.after, page.final, self.epoch)


class ChangeHub:
    """Looks at the chain in a thread of its own while anybody listens, and only then."""

    def __init__(self, feed: ChangeFeed) -> None:
        self._feed = feed
        self._wakers: set[Callable[[], object]] = set()
        self._lock = threading.Lock()
        self._look_now = threading.Event()
        self._closed = False
        self._running = False
        self._epoch = 0
        self.tail: Tail | None = None

    @property
    def epoch(self) -> int:
        """How often the chain was seen to be reorganised."""
        return self._epoch

    def check_free(self) -> None:
        """Raise Unavailable `feed.busy` if as many listen as may."""
        if len(self._wakers) >= MOST_STREAMS:
            detail = f"{MOST_STREAMS} listen already"
            raise Unavailable("feed.busy", detail, mend="try again later, or ask /v1/changes from time to time")

    @contextmanager
    def listening(self, wake: Callable[[], object]) -> Iterator[None]:
        """Have `wake` called, from another thread, when the tail is another one. Raises as check_free."""
        with self._lock:
            self.check_free()
            self._wakers.add(wake)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="changes", daemon=True).start()
        try:
            yield
        finally:
            with self._lock:
                self._wakers.discard(wake)

    def close(self) -> None:
        """Look no more."""
        self._closed = True
        self._look_now.set()

    def _run(self) -> None:
        self.tail = None
        while self._is_wanted():
            pause = SECONDS
            try:
                self._look()
            except PortsealError as error:
                _log.warning("the feed of changes waits", code=error.code, detail=error.detail)
                pause = _AFTER_A_FAULT
            self._look_now.wait(pause)

    def _is_wanted(self) -> bool:
        with self._lock:
            # Decided together with who joins: there is one thread or none, never two.
            self._running = bool(self._wakers) and not self._closed
            return self._running

    def _look(self) -> None:
        before = self.tail
        if before is None:
            newest = self._feed.newest()
            self.tail = Tail(newest.place, (), newest, self._feed.final(), self._epoch)
        else:
            self.tail = self._next(before)
        if self.tail != before:
            self._wake()

    def _next(self, tail: Tail) -> Tail:
        try:
            page = self._feed.page(tail.after, _AT_ONCE)
        except CursorReplaced as replaced:
            self._epoch += 1
            return Tail(replaced.resume.place, (), replaced.resume, self._feed.final(), self._epoch)
        if page.after == tail.after:
            return replace(tail, final=page.final)
        return tail.grown(page)

    def _wake(self) -> None:
        with self._lock:
            wakers = list(self._wakers)
        for wake in wakers:
            with suppress(RuntimeError):  # the loop of a server that has ended
                wake()
