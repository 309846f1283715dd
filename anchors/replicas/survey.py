"""How the stores stand: what each holds and lacks by the database's record, and when it was last looked through."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from anchors.database import Database, State
from anchors.database.models import PayloadStoreRow
from anchors.replicas.audit_pass import AuditPass, LastPass
from anchors.replicas.record import LISTINGS, Listing, place_of
from anchors.stores.known_store import KnownStore


@dataclass(frozen=True)
class Holding:
    """What a store holds and lacks of one listing, and its last whole audit, if there was one."""

    held: int
    lacking: int
    last_pass: LastPass | None


@dataclass(frozen=True)
class Survey:
    """stores: by name, for each listing. below: how many of each listing have fewer replicas than are wanted."""

    stores: Mapping[str, Mapping[str, Holding]]
    below: Mapping[str, int]


def survey(database: Database, stores: tuple[KnownStore, ...], wanted: int) -> Survey:
    """Count. Goes through all documents: seconds for a million. Raises Unavailable `database.*`."""
    counts = {listing.name: _counts(database, listing) for listing in LISTINGS}
    mask = sum(store.mask for store in stores)
    return Survey(
        {
            store.name: {listing.name: _holding(database, store, listing, counts[listing.name]) for listing in LISTINGS}
            for store in stores
        },
        {
            name: sum(count for held, count in found.items() if (held & mask).bit_count() < wanted)
            for name, found in counts.items()
        },
    )


def no_longer_named(database: Database, stores: tuple[KnownStore, ...]) -> list[str]:
    """Return the names of stores that were used once and are not now. Raises Unavailable `database.*`."""
    with database.read() as session:
        names = session.scalars(select(PayloadStoreRow.name).order_by(PayloadStoreRow.bit))
        return [name for name in names if name not in {store.name for store in stores}]


def _counts(database: Database, listing: Listing) -> dict[int, int]:
    """Return how many there are of each combination of bits."""
    kept = or_(listing.held != 0, listing.state.not_in((State.ACCEPTED, State.FAILED)))
    with database.read() as session:
        rows = session.execute(select(listing.held, func.count()).where(kept).group_by(listing.held))
        return {row[0]: row[1] for row in rows}


def _holding(database: Database, store: KnownStore, listing: Listing, counts: Mapping[int, int]) -> Holding:
    held = sum(count for bits, count in counts.items() if bits & store.mask)
    return Holding(held, sum(counts.values()) - held, AuditPass(database, store, listing).last())


def behind(database: Database, stores: tuple[KnownStore, ...]) -> dict[tuple[str, str], int]:
    """Return for each store and listing how many numbers lie beyond what it is known to hold: at most so many lack.

    Cheap. Raises Unavailable `database.*`.
    """
    with database.read() as session:
        last = {listing.name: listing.last(session) for listing in LISTINGS}
        return {
            (store.name, listing.name): max(0, last[listing.name] - place_of(session, listing.filled(store.bit)))
            for store in stores
            for listing in LISTINGS
        }
