"""One whole pass over all stores, now: everything fetched and hashed, and what is lacking brought."""

from collections.abc import Callable
from dataclasses import dataclass

from anchors.database import Database
from anchors.replicas.audit import Audit
from anchors.replicas.fill import Fill
from anchors.replicas.record import LISTINGS, Listing
from anchors.replicas.replicas import Replicas
from anchors.stores.known_store import KnownStore
from ledger.errors import Unavailable

_BYTES = 32 * 1024 * 1024  # looked at between two words about it

Progress = Callable[[KnownStore, Listing, int, int], None]
"""Is told: the store, the listing, the number reached, the last number."""


@dataclass
class Found:
    """What a pass over one store found and did: looked at, missing, damaged, brought, and lost, which no store has.

    fault: why it could not be looked at, or filled, to the end.
    """

    count: int = 0
    size: int = 0
    missing: int = 0
    damaged: int = 0
    brought: int = 0
    lost: int = 0
    fault: Unavailable | None = None


class AuditNow:
    """A pass that holds to no budget; the node may run meanwhile, and its own pass goes on where it was."""

    def __init__(self, database: Database, replicas: Replicas, progress: Progress) -> None:
        self._database = database
        self._stores = replicas.stores
        self._audit = Audit(database, replicas)
        self._fill = Fill(database, replicas)
        self._progress = progress

    def run(self) -> dict[str, Found]:
        """Look at all that each store should hold, then bring what each lacks. Raises Unavailable `database.*`."""
        found = {store.name: Found() for store in self._stores}
        # First all that is bad is known: what one store lost is brought from those that were found whole.
        for work in (self._examine_all, self._fill_all):
            for store in self._stores:
                _unless_away(work, store, found[store.name])
        return found

    def _examine_all(self, store: KnownStore, found: Found) -> None:
        for listing in LISTINGS:
            self._examine(store, listing, found)

    def _fill_all(self, store: KnownStore, found: Found) -> None:
        for listing in LISTINGS:
            while (filled := self._fill.fill(store, listing)).end is not None:
                found.brought += len(filled.brought)
                found.lost += filled.lost

    def _examine(self, store: KnownStore, listing: Listing, found: Found) -> None:
        with self._database.read() as session:
            last = listing.last(session)
        place: int | None = 0
        while place is not None and place < last:
            audited = self._audit.examine(store, listing, place, _BYTES)
            found.count += audited.count
            found.size += audited.size
            found.missing += len(audited.missing)
            found.damaged += len(audited.damaged)
            place = audited.next
            self._progress(store, listing, min(place or last, last), last)


def _unless_away(work: Callable[[KnownStore, Found], None], store: KnownStore, found: Found) -> None:
    if found.fault is not None:
        return
    try:
        work(store, found)
    except Unavailable as error:
        if error.code.startswith("database."):
            raise
        found.fault = error
