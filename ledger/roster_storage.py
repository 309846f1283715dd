"""Who may cosign checkpoints, read from the storage of the AuthorityRegistry."""

from collections.abc import Iterable, Iterator, Sequence

from ledger import registry_slots, roster_slots
from ledger.country import from_bytes2
from ledger.dated_list import Entries
from ledger.errors import Refused, Unavailable
from ledger.identifier import from_bytes32
from ledger.jwk import PublicKey
from ledger.registered_key import key_of
from ledger.registry_slots import Fact
from ledger.roster import AuthorityFacts, RosterFacts
from ledger.storage_words import StorageWords

LONGEST = 2_000
"""How many members, authorities, or keys of one authority there may be: a length is checked before it is believed."""


def read_roster(words: StorageWords) -> RosterFacts:
    """Return all that rosters rest on. Raises what `words` raises, and Unavailable `storage.form`."""
    [members, names] = _lists(words, [roster_slots.members(), roster_slots.authorities()])
    countries = [from_bytes2(word[:2]) for word in members]
    since = words.entries([registry_slots.member(country) for country in countries])
    return RosterFacts(
        members=dict(zip(countries, since, strict=True)),
        authorities=_authorities(words, [from_bytes32(word) for word in names]),
    )


def _authorities(words: StorageWords, names: Sequence[str]) -> dict[str, AuthorityFacts]:
    places = words.words([registry_slots.authority(name) for name in names])
    offices = words.entries([registry_slots.office(name) for name in names])
    thumbprints = _lists(words, [roster_slots.checkpoint_keys(name) for name in names])
    keys = _keys(words, [one for some in thumbprints for one in some])
    return {
        name: AuthorityFacts(from_bytes2(place[-2:]), office, tuple(keys[one] for one in some if one in keys))
        for name, place, office, some in zip(names, places, offices, thumbprints, strict=True)
    }


def _keys(words: StorageWords, thumbprints: Sequence[bytes]) -> dict[bytes, tuple[PublicKey, Entries]]:
    # All of them in one call each, whatever they are then found to be.
    words.words([slot for one in thumbprints for slot in roster_slots.service_key(one)])
    entries = words.entries([roster_slots.service_key_entries(one) for one in thumbprints])
    return dict(_usable(words, zip(thumbprints, entries, strict=True)))


def _usable(
    words: StorageWords, keys: Iterable[tuple[bytes, Entries]]
) -> Iterator[tuple[bytes, tuple[PublicKey, Entries]]]:
    for thumbprint, entries in keys:
        x, y, packed = words.words(roster_slots.service_key(thumbprint))
        try:
            yield thumbprint, (key_of(thumbprint, int.from_bytes(packed[:16]), x, y), entries)
        except Refused:
            # One authority's unusable key must not stop the others.
            continue


def _lists(words: StorageWords, facts: Sequence[Fact]) -> list[list[bytes]]:
    if any(int.from_bytes(word) > LONGEST for word in words.words(facts)):
        detail = f"a list of members, authorities or keys has more than {LONGEST} elements"
        raise Unavailable(
            "storage.form", detail, mend="compare the trust roots with those that the consortium publishes"
        )
    return words.lists(facts)
