"""One of a node's payload stores: its bit in the database, and how it did lately."""

import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from anchors.cid import Cid
from anchors.stores.checked_store import CheckedStore
from anchors.stores.payload_store import PayloadStore
from ledger.errors import Unavailable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0  # seconds


class KnownStore:
    """`store` under the name that the host gave it; thread-safe.

    `fault`: why it is not used for writing now, None while it works. A store with a fault is tried again after a pause
    that grows to 10 s.
    """

    def __init__(
        self, store: PayloadStore, bit: int = 0, name: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name or store.name
        self.bit = bit
        self.fault: Unavailable | None = None
        self._store = CheckedStore(store, clock)
        self._clock = clock
        self._lock = Lock()
        self._pause = 0.0
        self._due_at = 0.0

    @property
    def mask(self) -> int:
        """What stands for it in `replicas`: its bit alone."""
        return 1 << self.bit

    @property
    def is_due(self) -> bool:
        """Whether it works, as far as is known, or has had its pause."""
        return self.fault is None or self._clock() >= self._due_at

    @property
    def is_away(self) -> bool:
        """Whether it did not answer lately; a full store still gives what it has."""
        return self.fault is not None and self.fault.code != "store.full"

    def put(self, payloads: Mapping[Cid, bytes]) -> None:
        """Keep them all, read back and hashed. Raises as `PayloadStore.put`."""
        try:
            if self._store.put(list(payloads.values())) != list(payloads):
                raise Unavailable(
                    "store.corrupt",
                    f"the store {self.name} holds other bytes than it was given",
                    mend="check the store; whatever it was given is still elsewhere",
                )
        except Unavailable as error:
            self._failed(error)
            raise
        self._worked()

    def get(self, cid: Cid) -> bytes:
        """Return the bytes, every block hashed. Raises as `PayloadStore.get`."""
        try:
            return self._store.get(cid)
        except Unavailable as error:
            if error.code not in ("store.missing", "store.corrupt"):
                self._failed(error)
            raise

    def roots(self) -> Iterator[Cid] | None:
        """Yield the CIDs of what was ever put, perhaps some twice; None where the store cannot list."""
        return self._store.roots()

    def check(self) -> None:
        """Return if it can keep and give payloads now. Raises as `PayloadStore.check`."""
        try:
            self._store.check()
        except Unavailable as error:
            self._failed(error)
            raise
        self._worked()

    def _failed(self, error: Unavailable) -> None:
        with self._lock:
            self.fault = error
            self._pause = min(_LONGEST_PAUSE, max(_FIRST_PAUSE, 2 * self._pause))
            self._due_at = self._clock() + self._pause

    def _worked(self) -> None:
        with self._lock:
            self.fault, self._pause = None, 0.0
