"""Who may cosign a checkpoint: the members in office, and their authorities' keys in service at its time."""

from collections.abc import Mapping
from dataclasses import dataclass

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
