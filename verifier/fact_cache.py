"""The facts used last, by what was asked."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class FactCache:
    """At most `limit` facts; thread-safe; keeps no faults. A place names what was asked, and at which block."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._awaited: dict[Hashable, Future[Any]] = {}
        self._lock = Lock()

    def get(self, place: Hashable, read: Callable[[], T]) -> T:
        """Return what is kept at the place, or else what `read` returns now.

        Who asks while another thread reads the same waits for it, and gets its fault too: with each new block all that
        verify need the same facts at once, and the node would be asked once for each of them.
        """
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                kept: T = self._kept[place]
                return kept
            awaited = self._awaited.get(place)
            mine: Future[T] = Future()
            if awaited is None:
                self._awaited[place] = mine
        if awaited is not None:
            found: T = awaited.result()
            return found
        return self._read(place, read, mine)

    def kept(self, place: Hashable) -> Any:
        """Return what is kept at the place; None if nothing is."""
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
            return self._kept.get(place)

    def keep(self, place: Hashable, found: Any) -> None:
        """Keep what was read in another way."""
        with self._lock:
            self._kept[place] = found
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def _read(self, place: Hashable, read: Callable[[], T], mine: Future[T]) -> T:
        # Not under the lock: nobody waits for what another asked for.
        try:
            found = read()
        except BaseException as error:
            self._end(place)
            mine.set_exception(error)
            raise
        with self._lock:
            self._kept[place] = found
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        self._end(place)
        mine.set_result(found)
        return found

    def _end(self, place: Hashable) -> None:
        with self._lock:
            del self._awaited[place]
