"""Costly work that anybody may ask for: so much of it at once, and so often for each address."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address

from prometheus_client import Counter as CounterMetric

from ledger.errors import PortsealError, Refused, Unavailable

TURNED_AWAY = CounterMetric(
    "portseal_turned_away_total", "Costly requests without an API key that were not let in.", ["reason"]
)
ADDRESSES = 10_000
"""Addresses that are remembered; the one that came least lately is forgotten first."""

_ROUNDING = 1e-6
"""Of a turn: whoever waited as told is let in, however the fractions were summed up."""

_MEND = "try again in {} s; an API key of this node has no such limits"


class TooOften(Refused):
    """This address asks too often, or for too much at once. `retry_seconds`: when it is let in."""

    def __init__(self, detail: str, retry_seconds: int) -> None:
        super().__init__("node.too-often", detail, mend=_MEND.format(retry_seconds))
        self.retry_seconds = retry_seconds


class Crowded(Unavailable):
    """All places are taken, by whomever."""

    retry_seconds = 1

    def __init__(self) -> None:
        super().__init__("node.busy", "too much is asked for at once", mend=_MEND.format(self.retry_seconds))


class Turnstile:
    """Counts those who have no API key. For one thread: that of the event loop.

    at_once: how much is worked on at a time, half of it for one address; 0: any amount. per_minute: how often an
    address is let in, that many at once if it has not come for a minute; 0: as often as it likes. `clock`: seconds.
    """

    def __init__(self, at_once: int, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once, self._per_minute, self._clock = at_once, per_minute, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._inside: Counter[str] = Counter()

    def charge(self, address: str) -> None:
        """Note that this address comes once more. Raises TooOften."""
        if self._per_minute == 0:
            return
        name, now = _network(address), self._clock()
        left, since = self._left.pop(name, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - since) * self._per_minute / 60)
        is_let_in = left > 1 - _ROUNDING
        self._left[name] = (max(0.0, left - 1) if is_let_in else left, now)
        if len(self._left) > ADDRESSES:
            self._left.popitem(last=False)
        if not is_let_in:
            detail = f"{self._per_minute} such requests a minute are answered for one address"
            raise _turned_away("often", TooOften(detail, math.ceil((1 - left) * 60 / self._per_minute)))

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """Hold a place while the work is done. Raises Crowded, and TooOften for one who has half of the places."""
        name = _network(address)
        if self._at_once:
            most = max(1, self._at_once // 2)
            if self._inside[name] >= most:
                raise _turned_away("at-once", TooOften(f"{most} such requests at once are answered for one address", 1))
            if self._inside.total() >= self._at_once:
                raise _turned_away("crowded", Crowded())
        self._inside[name] += 1
        try:
            yield
        finally:
            self._inside[name] -= 1
            if not self._inside[name]:
                del self._inside[name]


def _turned_away(reason: str, error: PortsealError) -> PortsealError:
    TURNED_AWAY.labels(reason).inc()
    return error


def _network(address: str) -> str:
    """Return the address, or of IPv6 the network of 64 bits: one customer has as many addresses as it likes in it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
