"""The clock by which a demonstration's chain is founded without waiting for its blocks."""

import time

_BEFORE = 900.0
_SPEED = 60.0


class FoundingClock:
    """Begins a quarter of an hour ago and runs sixty times as fast as real time until it has caught up.

    A chain makes one block a second by its clock; founding takes a dozen, each waiting for the one before. No time it
    gives lies in the future.
    """

    def __init__(self) -> None:
        self._begun, self._stands_at = time.monotonic(), time.time() - _BEFORE

    def __call__(self) -> float:
        """Return the time, in seconds since the epoch."""
        return min(time.time(), self._stands_at + _SPEED * (time.monotonic() - self._begun))
