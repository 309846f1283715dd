"""The storage of a registry of authorities in which nothing ever changes, as rosters are read from it."""

import struct
from collections.abc import Mapping, Sequence

from ledger import registry_slots, roster_slots
from ledger.authority_codes import Domain, Purpose
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey
from ledger.registry_slots import Fact

_SINCE_EVER = struct.pack(">QQQII", 1, 0, 1, 0, 1)


class MemberWords:
    """keys: with which each authority cosigns, by its id; the country is in the id."""

    def __init__(self, keys: Mapping[str, PublicKey]) -> None:
        self._words: dict[int, bytes] = {}
        countries = list(dict.fromkeys(name[:2].upper() for name in keys))
        self._list(roster_slots.members(), [country.encode().ljust(32, b"\0") for country in countries])
        self._list(roster_slots.authorities(), [to_bytes32(name) for name in keys])
        for country in countries:
            self._list(registry_slots.member(country), [_SINCE_EVER])
        for name, key in keys.items():
            self._authority(name, key)

    def read_slots(self, places: Sequence[int], at: int | None = None) -> tuple[bytes, ...]:
        """Return the words; what is not there is zero, the change heads too."""
        return tuple(self._words.get(place, bytes(32)) for place in places)

    def _authority(self, name: str, key: PublicKey) -> None:
        self._words[registry_slots.authority(name).slot] = Domain.CUSTOMS.to_bytes(30) + name[:2].upper().encode()
        self._list(registry_slots.office(name), [_SINCE_EVER])
        self._list(roster_slots.checkpoint_keys(name), [key.thumbprint])
        self._list(roster_slots.service_key_entries(key.thumbprint), [_SINCE_EVER])
        about = key.algorithm.to_bytes(16) + Purpose.CHECKPOINTS.to_bytes(16)
        words = (key.x, key.y or bytes(32), about)
        facts = roster_slots.service_key(key.thumbprint)
        self._words |= {fact.slot: word for fact, word in zip(facts, words, strict=True)}

    def _list(self, fact: Fact, elements: Sequence[bytes]) -> None:
        self._words[fact.slot] = len(elements).to_bytes(32)
        self._words |= {fact.element(n).slot: word for n, word in enumerate(elements)}
