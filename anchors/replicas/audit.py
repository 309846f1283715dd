"""Look at what stores really hold: every payload and manifest fetched and hashed, pass after pass."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from anchors.database import Database
from anchors.replicas.faults import ReplicaFaults
from anchors.replicas.meters import AUDITED, AUDITED_BYTES
from anchors.replicas.record import Kept, Listing, lower
from anchors.replicas.replicas import Replicas
from anchors.stores.known_store import KnownStore
from ledger.errors import Invalid, Unavailable

ROWS = 1_000
"""The most rows in one call."""

_SAMPLE = 4  # rows anywhere: a store that has lost much is found out long before a pass ends
_LEAST = 4096  # bytes that a small payload counts as, since asking for it costs too


@dataclass
class Audited:
    """What one call looked at. next: where the pass goes on, None at its end. size: bytes that count for a budget."""

    next: int | None = None
    count: int = 0
    size: int = 0
    missing: list[Kept] = field(default_factory=list)
    damaged: list[Kept] = field(default_factory=list)

    @property
    def faults(self) -> int:
        """How many were not given whole."""
        return len(self.missing) + len(self.damaged)


class Audit:
    """Audits the stores of `replicas`."""

    def __init__(self, database: Database, replicas: Replicas) -> None:
        self._database = database
        self._faults = ReplicaFaults(database, replicas)

    def examine(self, store: KnownStore, listing: Listing, after: int, limit: int, count: int = ROWS) -> Audited:
        """Fetch and hash what `store` should hold of the next `count` rows, until `limit` bytes were read.

        What is missing or damaged loses its bit, and with that is filled in again. Raises Unavailable `store.*` if the
        store does not answer, `database.*`.
        """
        with self._database.read() as session:
            rows = listing.page(session, after, count)
        result = Audited()
        for row in rows:
            if row.held & store.mask:
                _look(store, row, result)
            result.next = row.number
            if result.size >= limit:
                break
        AUDITED.labels(store.name).inc(result.count)
        AUDITED_BYTES.labels(store.name).inc(result.size)
        self._faults.note(listing, result.missing, missing=store.mask)
        self._faults.note(listing, result.damaged, damaged=store.mask)
        self._fill_again(store, listing, [row for row in rows if row.number <= (result.next or 0)])
        return result

    def sample(self, store: KnownStore, listing: Listing, limit: int) -> Audited:
        """Do the same with a few rows anywhere."""
        with self._database.read() as session:
            last = listing.last(session)
        after = secrets.randbelow(last) if last else 0
        return self.examine(store, listing, after, limit, _SAMPLE)

    def _fill_again(self, store: KnownStore, listing: Listing, rows: Sequence[Kept]) -> None:
        """See that what the store does not hold, for whatever reason, is not behind the place where filling goes on."""
        lacking = [row.number for row in rows if row.is_kept and not row.held & store.mask]
        if lacking:
            with self._database.write() as session:
                lower(session, listing.filled(store.bit), min(lacking) - 1)


def _look(store: KnownStore, row: Kept, result: Audited) -> None:
    result.count += 1
    try:
        result.size += max(_LEAST, len(store.get(row.cid)))
    except (Unavailable, Invalid) as error:
        if isinstance(error, Unavailable) and error.code not in ("store.missing", "store.corrupt"):
            raise
        result.size += _LEAST
        (result.missing if error.code == "store.missing" else result.damaged).append(row)
