"""The facts used last, by what was asked."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class FactCache:
    """At most `limit` facts; thread-safe; keeps no faults. A place names what was asked, and at which block."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, place: Hashable, read: Callable[[], T]) -> T:
        """Return what is kept at the place, or else what `read` returns now."""
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                kept: T = self._kept[place]
                return kept
        # Not under the lock: two threads may read the same, none waits for another's node.
        found = read()
        with self._lock:
            self._kept[place] = found
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)
        return found
