"""When the next block may be made, and the time it is stamped with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moment:
    """Now, by the injected clock (seconds since the epoch) and by how long ago the last block was made."""

    clock: float
    since_last_block: float


def stamp(clock: float, parent: int) -> int:
    """Return the time of a block made now: the clock's whole second, but always after its parent's."""
    return max(int(clock), parent + 1)


def wait(now: Moment, parent: int) -> float:
    """Return how many seconds a block on `parent` (its time) must still wait; 0: it may be made now.

    As long as the clock goes forward no block is stamped ahead of it, so there is at most one per second.
    A clock behind the parent was set back; then the chain goes on with one block per second of real time.
    """
    if now.clock >= parent + 1:
        return 0.0
    if now.clock >= parent:
        return parent + 1 - now.clock
    return max(0.0, 1.0 - now.since_last_block)


def heartbeat_due(clock: float, parent: int, heartbeat: float) -> bool:
    """Tell whether the head is so old that an empty block should renew its time."""
    return clock - parent >= heartbeat
