"""A store that is used for writing only while it is known to be set up as it must be."""

import time
from collections.abc import Callable, Iterator, Sequence

from anchors.cid import Cid
from anchors.stores.folder import FolderStore
from anchors.stores.payload_store import PayloadStore

INTERVAL = 60.0
"""Seconds for which one good check holds: a server may have been started again with other settings."""


class CheckedStore:
    """A `PayloadStore`: `store`, checked before the first payload goes there, and from then on every INTERVAL.

    What fails a check gets nothing: a Kubo in the public swarm would announce a payload as soon as it has it.
    """

    def __init__(self, store: PayloadStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = store.name
        self._store = store
        self._clock = clock
        self._good_until: float | None = None

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        """See `PayloadStore.put`. Raises what `check` raises too."""
        if self._good_until is None or self._clock() >= self._good_until:
            self.check()
        try:
            return self._store.put(payloads)
        except BaseException:
            self._good_until = None
            raise

    def get(self, cid: Cid) -> bytes:
        """See `PayloadStore.get`."""
        return self._store.get(cid)

    def roots(self) -> Iterator[Cid] | None:
        """Yield the CIDs of what was ever put, perhaps some twice; None where the store cannot list."""
        return self._store.roots() if isinstance(self._store, FolderStore) else None

    def check(self) -> None:
        """See `PayloadStore.check`."""
        self._good_until = None
        self._store.check()
        self._good_until = self._clock() + INTERVAL
