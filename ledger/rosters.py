"""Rosters as the AuthorityRegistry holds them, for a time."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger import change_heads
from ledger.authority import AuthorityChange, Purpose
from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import Entry, code_at
from ledger.errors import Refused
from ledger.jwk import PublicKey
from ledger.registry_names import AUTHORITIES
from ledger.roster import AuthorityFacts, Roster, RosterFacts, Seat
from ledger.roster_storage import read_roster
from ledger.storage_words import StorageWords

_IN_OFFICE = 1
_SAYING = (AuthorityChange.MEMBER, AuthorityChange.AUTHORITY, AuthorityChange.SERVICE_KEY)


@dataclass(frozen=True, slots=True)
class Held:
    """What rosters rest on; `state` names it."""

    state: bytes
    facts: RosterFacts


class Rosters:
    """Rosters of one registry; what the registry holds is read again only when its change heads have moved.

    From storage, in a few calls: by the registry's functions it takes one for each authority and key.
    """

    def __init__(self, registry: AuthorityRegistry) -> None:
        self._registry = registry
        self._known: Held | None = None

    def at(self, time: int, block: int) -> Roster:
        """Return the roster for `time`, as the registry holds it at this block. Raises Unavailable `chain.*`."""
        return roster(self.held(block).facts, time)

    def held(self, block: int) -> Held:
        """Return what the registry holds at this block. Raises Unavailable `chain.*`."""
        state = change_heads.state(self._registry.contract, AUTHORITIES, _SAYING, block)
        known = self._known
        if known is None or known.state != state:
            known = self._known = Held(state, self._read(block))
        return known

    def _read(self, block: int) -> RosterFacts:
        return read_roster(StorageWords(lambda slots: self._registry.contract.read_slots(slots, block)))


def roster_at(registry: AuthorityRegistry, time: int, block: int) -> Roster:
    """Return the roster for `time`, as the registry holds it at this block. Raises Unavailable `chain.*`."""
    return roster(roster_facts(registry, block), time)


def roster(facts: RosterFacts, time: int) -> Roster:
    """Return the roster for `time`."""
    countries = frozenset(c for c, entries in facts.members.items() if code_at(entries, time) == _IN_OFFICE)
    seats = {
        authority: Seat(found.country, tuple(key for key, entries in found.keys if code_at(entries, time)))
        for authority, found in facts.authorities.items()
        if found.country in countries and code_at(found.entries, time) == _IN_OFFICE
    }
    return Roster(countries, seats)


def roster_facts(registry: AuthorityRegistry, at: int) -> RosterFacts:
    """Return what the registry holds at the block `at`. Raises Unavailable `chain.*`."""
    members = {country: registry.member_entries(country, at) for country in registry.members(at)}
    authorities = {one: _read_authority(registry, one, at) for one in registry.authorities(at)}
    return RosterFacts(members, authorities)


def _read_authority(registry: AuthorityRegistry, authority: str, at: int) -> AuthorityFacts:
    found = registry.authority(authority, at)
    country = found.country if found else ""
    keys = tuple(_read_keys(registry, authority, at))
    return AuthorityFacts(country, registry.authority_entries(authority, at), keys)


def _read_keys(registry: AuthorityRegistry, authority: str, at: int) -> Iterator[tuple[PublicKey, tuple[Entry, ...]]]:
    for thumbprint in registry.service_keys(authority, Purpose.CHECKPOINTS, at):
        try:
            key = registry.service_key(thumbprint, at)
        except Refused:
            # One authority's unusable key must not stop the others.
            continue
        if key is not None:
            yield key.public_key, registry.service_key_entries(thumbprint, at)
