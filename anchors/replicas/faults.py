"""A replica that a store does not give whole: its bit goes, somebody is told, and it is filled in again."""

from collections.abc import Sequence

import structlog

from anchors.database import Database
from anchors.replicas.meters import FAULTS, TOO_FEW
from anchors.replicas.record import Kept, Listing
from anchors.replicas.replicas import Replicas
from anchors.stores.known_store import KnownStore
from ledger.failpoint import reached

_log = structlog.get_logger(__name__)


class ReplicaFaults:
    """Notes replicas that are missing or damaged.

    Log events, for alarms: `replica missing`, `replica damaged` (a warning, with store and count), and `replicas too
    few` (an error) where fewer than are wanted are left.
    """

    def __init__(self, database: Database, replicas: Replicas) -> None:
        self._database = database
        self._replicas = replicas

    def note(self, listing: Listing, rows: Sequence[Kept], *, missing: int = 0, damaged: int = 0) -> None:
        """Take the bits of these stores away from `rows`. Raises Unavailable `database.*`."""
        if not rows or not missing | damaged:
            return
        with self._database.write() as session:
            listing.take_away(session, [row.number for row in rows], missing | damaged)
            reached("replica.lost.before")
        reached("replica.lost.after")
        for store in self._replicas.stores:
            if missing & store.mask:
                self._tell("replica missing", "store.missing", store, listing, len(rows))
            if damaged & store.mask:
                self._tell("replica damaged", "store.corrupt", store, listing, len(rows))
        self._tell_too_few(listing, rows, missing | damaged)

    def _tell(self, event: str, code: str, store: KnownStore, listing: Listing, count: int) -> None:
        FAULTS.labels(store.name, code).inc(count)
        _log.warning(event, code=code, store=store.name, kind=listing.name, count=count)

    def _tell_too_few(self, listing: Listing, rows: Sequence[Kept], gone: int) -> None:
        left = [(row.held & ~gone & self._replicas.mask).bit_count() for row in rows]
        few = [count for count in left if count < self._replicas.wanted]
        if few:
            detail = f"{min(few)} of {self._replicas.wanted} replicas are left"
            TOO_FEW.inc(len(few))
            _log.error("replicas too few", code="stores.too-few", kind=listing.name, count=len(few), detail=detail)
