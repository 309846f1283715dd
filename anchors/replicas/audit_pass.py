"""How far the pass over one listing in one store has come, in the database: the next process goes on there."""

from dataclasses import dataclass

from anchors.database import Database
from anchors.replicas.record import Listing, mark_of, place_of, set_mark
from anchors.stores.known_store import KnownStore
from ledger.failpoint import reached

SHORTEST = 60
"""Seconds from the beginning of one pass to that of the next, at least: few payloads need not be read for ever."""


@dataclass(frozen=True)
class LastPass:
    """A pass that came to its end: when (seconds since the epoch), and how many seconds it took."""

    ended_at: int
    seconds: int


class AuditPass:
    """Passes over `listing` in `store`."""

    def __init__(self, database: Database, store: KnownStore, listing: Listing) -> None:
        self._database = database
        self._cursor = f"audited {listing.name} {store.bit}"
        self._begun = f"begun {listing.name} {store.bit}"
        self._ended = f"ended {listing.name} {store.bit}"

    def place(self, now: int) -> int | None:
        """Return the number after which it goes on; None if it is too early for a new pass."""
        with self._database.read() as session:
            place, begun = place_of(session, self._cursor), place_of(session, self._begun)
        return place if place or now - begun >= SHORTEST else None

    def advance(self, was: int, end: int | None, now: int) -> None:
        """Note that it went from `was` to `end`; None: nothing is left, and the next begins anew."""
        with self._database.write() as session:
            begun = place_of(session, self._begun)
            if was == 0:
                begun = now
                set_mark(session, self._begun, now, now)
            set_mark(session, self._cursor, end or 0, now)
            if end is None:
                set_mark(session, self._ended, now - begun, now)
            reached("audit.commit.before")
        reached("audit.commit.after")

    def last(self) -> LastPass | None:
        """Return the last pass that came to its end."""
        with self._database.read() as session:
            ended = mark_of(session, self._ended)
        return LastPass(ended.moved_at, ended.number) if ended else None
