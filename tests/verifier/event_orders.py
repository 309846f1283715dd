"""Everything that the design's rule 3 speaks of, as events that may happen in any order, and what must be said then.

Each event has a second of its own, or shares it with the one before. What must be said is stated here once more, in
the words of the rule and not by the verifier's code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from random import Random

from verifier.axes import Authentic, Usable

ANCHORED, RETIRED, COMPROMISED, COMPROMISED_BEFORE, REVOKED, LEFT, LOST = EVENTS = (
    "anchored",
    "key retired",
    "key compromised since then",
    "key found compromised since long ago",
    "revoked",
    "authority left",
    "payload lost",
)
Said = tuple[Authentic, Usable]


@dataclass(frozen=True)
class Order:
    """When what happened; what did not happen has no time. long_ago: since when the key is found compromised."""

    times: Mapping[str, int]
    long_ago: int

    def happened(self, event: str, by: int, known_at: int | None) -> bool:
        time = self.times.get(event)
        return time is not None and time <= by and (known_at is None or time <= known_at)

    def moments(self) -> list[int]:
        """Before all, in the second of each event, and between any two."""
        return sorted({self.long_ago, *self.times.values(), *(time + 1 for time in self.times.values())})


def orders(start: int, apart: int = 10) -> Iterator[Order]:
    """Yield every order, each with a second of its own for each event."""
    for order in permutations(EVENTS):
        yield Order({event: start + apart * (place + 1) for place, event in enumerate(order)}, start + 1)


def drawn(start: int, random: Random, apart: int = 10) -> Order:
    """Draw an order in which some events may not happen, and some happen in one second."""
    happening = random.sample(EVENTS, random.randint(1, len(EVENTS)))
    time, times = start + apart, {}
    for event in happening:
        times[event] = time
        time += random.choice((0, 1, apart))
    return Order(times, start + 1)


def expected(order: Order, at: int, known_at: int | None = None) -> Said:
    """Return what must be said about `at`, as known at `known_at` (None: now)."""
    authentic = _authentic(order, at, known_at)
    if authentic is Authentic.INVALID:
        return authentic, Usable.UNKNOWN
    if order.happened(REVOKED, at, known_at):
        return authentic, Usable.REVOKED
    return authentic, Usable.ACTIVE if authentic is Authentic.VALID else Usable.PENDING


def _authentic(order: Order, at: int, known_at: int | None) -> Authentic:
    if not order.happened(ANCHORED, at, known_at):
        return Authentic.INDETERMINATE
    anchor = order.times[ANCHORED]
    # In the anchor's second counts as before it.
    ended = any(order.happened(event, anchor, known_at) for event in (RETIRED, COMPROMISED, LEFT))
    # Found out whenever, it counts from the time since when; who is not to know it yet, does not.
    found = order.times.get(COMPROMISED_BEFORE)
    long_ago = found is not None and (known_at is None or found <= known_at) and order.long_ago <= anchor
    return Authentic.INVALID if ended or long_ago else Authentic.VALID
