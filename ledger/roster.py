"""Who may cosign a checkpoint: the members in office, and their authorities' keys in service at its time."""

from collections.abc import Mapping
from dataclasses import dataclass

from ledger.dated_list import Entry
from ledger.jwk import PublicKey


@dataclass(frozen=True, slots=True)
class Seat:
    """An authority in office: the country that it acts for, and its keys for checkpoints in service."""

    country: str
    keys: tuple[PublicKey, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The members in office, also those without a key, and the seats by authority id."""

    countries: frozenset[str]
    seats: Mapping[str, Seat]


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """An authority that was ever entered: its country, its office, and its keys for checkpoints with their service."""

    country: str
    entries: tuple[Entry, ...]
    keys: tuple[tuple[PublicKey, tuple[Entry, ...]], ...]


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """All that rosters rest on: dated lists of members by country, and authorities by id."""

    members: Mapping[str, tuple[Entry, ...]]
    authorities: Mapping[str, AuthorityFacts]
