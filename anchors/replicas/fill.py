"""Bring to a store what it lacks: a new one everything, one that was away or is damaged what others have."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from anchors.cid import Cid
from anchors.database import Database
from anchors.replicas.faults import ReplicaFaults
from anchors.replicas.meters import FILLED, LOST
from anchors.replicas.record import Kept, Listing, place_of, set_mark
from anchors.replicas.replicas import Replicas
from anchors.stores.known_store import KnownStore
from ledger.errors import Invalid, Unavailable
from ledger.failpoint import reached

ROWS = 1_000
BYTES = 32 * 1024 * 1024
"""How much is brought at once; one payload alone may be larger."""

_GONE = ("store.missing", "store.corrupt")

_log = structlog.get_logger(__name__)


@dataclass
class Filled:
    """What one call did. end: the last number looked at, None if there was nothing to look at.

    held: by their numbers, the bits that are new. brought: what the store was given. lost: how many no store has whole.
    """

    end: int | None = None
    held: dict[int, int] = field(default_factory=dict)
    brought: dict[Cid, bytes] = field(default_factory=dict)
    size: int = 0
    lost: int = 0


class Fill:
    """Fills the stores of `replicas`."""

    def __init__(self, database: Database, replicas: Replicas) -> None:
        self._database = database
        self._replicas = replicas
        self._faults = ReplicaFaults(database, replicas)

    def fill(self, store: KnownStore, listing: Listing) -> Filled:
        """Bring the next group of what `store` lacks. Raises Unavailable `store.*`, `database.*`."""
        mark = listing.filled(store.bit)
        with self._database.read() as session:
            start = place_of(session, mark)
            rows = _until_waiting(listing.page(session, start, ROWS))
        filled = Filled()
        for row in rows:
            if row.is_kept and not row.held & store.mask:
                self._find(store, listing, row, filled)
            filled.end = row.number
            if filled.size >= BYTES:
                break
        if filled.brought:
            store.put(filled.brought)
            reached("fill.put.after")
        if filled.end is not None:
            with self._database.write() as session:
                listing.add(session, filled.held)
                set_mark(session, mark, filled.end, int(time.time()), was=start)
                reached("fill.commit.before")
            reached("fill.commit.after")
        if filled.brought:
            FILLED.labels(store.name).inc(len(filled.brought))
            _log.info("replicas filled", store=store.name, kind=listing.name, count=len(filled.brought))
        return filled

    def _find(self, store: KnownStore, listing: Listing, row: Kept, filled: Filled) -> None:
        known = row.held & self._replicas.mask
        if not known:
            # It is older than this record, or nobody wrote down where it was put.
            known = sum(one.mask for one in self._replicas.stores if one.fault is None and _has(one, row.cid))
            filled.held[row.number] = known
        if not known & store.mask:
            self._bring(store, listing, row, filled)

    def _bring(self, store: KnownStore, listing: Listing, row: Kept, filled: Filled) -> None:
        try:
            reading = self._replicas.read(row.cid, row.held)
        except (Unavailable, Invalid) as error:
            # Invalid: a CID that names no payload, whoever wrote it down. It must not hold up the others.
            if isinstance(error, Unavailable) and error.code not in _GONE:
                raise
            _log.error("replica lost", code=error.code, kind=listing.name, detail=f"no store has {row.cid} whole")
            LOST.inc()
            filled.lost += 1
            return
        self._faults.note(listing, [row], missing=reading.missing, damaged=reading.damaged)
        filled.held[row.number] = filled.held.get(row.number, 0) | store.mask
        filled.brought[row.cid] = reading.content
        filled.size += len(reading.content)


def _until_waiting(rows: Sequence[Kept]) -> Sequence[Kept]:
    """Return `rows` up to the first that is in the database still: it will be somewhere soon, and is due then."""
    waiting = next((place for place, row in enumerate(rows) if row.is_waiting), len(rows))
    return rows[:waiting]


def _has(store: KnownStore, cid: Cid) -> bool:
    """Tell whether it gives the payload now; one that is away may have it, but nobody can tell."""
    try:
        store.get(cid)
    except (Unavailable, Invalid):
        return False
    return True
