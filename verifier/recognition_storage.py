"""What the registry of recognitions holds, read from its storage: hundreds of facts in a handful of calls."""

import struct
from collections.abc import Mapping, Sequence

from ledger import registry_slots as facts
from ledger.country import from_bytes2
from ledger.dated_list import Entries, Entry
from ledger.identifier import from_bytes32
from ledger.recognition import Direction, Terms
from ledger.storage_words import StorageWords
from ledger.trade_role import TradeRole
from verifier.recognition_answer import Agreement, DirectionFacts

Parties = Mapping[str, Mapping[str, Entries]]
"""Of each arrangement of a programme, by country."""

_TERMS = struct.Struct(">8xQQI2s2s")
"""The third slot of Terms from its highest byte down: until, from, roles, recognised, recogniser."""


def read_agreed(words: StorageWords, programme: str) -> list[Direction]:
    """Return every direction that was ever agreed for the programme."""
    [found] = words.lists([facts.agreed(programme)])
    return [Direction(programme, from_bytes2(word[:2]), from_bytes2(word[2:4])) for word in found]


def read_parties(words: StorageWords, programme: str) -> Parties:
    """Return the parties of every arrangement of the programme."""
    [listed] = words.lists([facts.arrangements()])
    every = [from_bytes32(word) for word in listed]
    programmes = words.words([facts.arrangement(name)[0] for name in every])
    names = [name for name, word in zip(every, programmes, strict=True) if from_bytes32(word) == programme]
    parties = words.lists([facts.parties(name) for name in names])
    pairs = [(name, from_bytes2(word[:2])) for name, found in zip(names, parties, strict=True) for word in found]
    entries = words.entries([facts.party(*pair) for pair in pairs])
    found: dict[str, dict[str, Entries]] = {name: {} for name in names}
    for (name, country), one in zip(pairs, entries, strict=True):
        found[name][country] = one
    return found


def read_directions(
    words: StorageWords, directions: Sequence[Direction], parties: Parties, members: Mapping[str, Entries]
) -> list[DirectionFacts]:
    """Return what is held about each direction; `parties` and `members` are of its programme and of the consortium."""
    held = [(one, side) for one in directions for side in (one.recogniser, one.recognised)]
    lists = words.entries([facts.agreements(one) for one in directions] + [facts.suspensions(*one) for one in held])
    agreed = dict(zip(directions, lists, strict=False))
    suspended = dict(zip(held, lists[len(directions) :], strict=True))
    agreements = _agreements(words, agreed)
    return [
        DirectionFacts(
            direction=one,
            agreements=agreements[one],
            suspensions={side: suspended[one, side] for side in (one.recogniser, one.recognised)},
            members={side: members.get(side, ()) for side in (one.recogniser, one.recognised)},
            parties=shared(parties, one),
        )
        for one in directions
    ]


def shared(parties: Parties, direction: Direction) -> dict[str, dict[str, Entries]]:
    """Return what the two sides are in each arrangement that has to do with both."""
    sides = (direction.recogniser, direction.recognised)
    return {
        name: {side: found[side] for side in sides}
        for name, found in parties.items()
        if all(side in found for side in sides)
    }


def _agreements(words: StorageWords, agreed: Mapping[Direction, Entries]) -> dict[Direction, tuple[Agreement, ...]]:
    places = [(one, number) for one, entries in agreed.items() for number in range(len(entries))]
    offers = dict(zip(places, words.words([facts.offer_of(*place) for place in places]), strict=True))
    words.words([slot for offer in offers.values() if any(offer) for slot in facts.terms(offer)])
    found: dict[Direction, tuple[Agreement, ...]] = {}
    for one, entries in agreed.items():
        found[one] = tuple(_agreement(words, entry, offers[one, number]) for number, entry in enumerate(entries))
    return found


def _agreement(words: StorageWords, entry: Entry, offer: bytes) -> Agreement:
    return Agreement(entry, offer, _terms(words, offer)) if any(offer) else Agreement(entry)


def _terms(words: StorageWords, offer: bytes) -> Terms:
    arrangement, benefits, packed = words.words(facts.terms(offer))
    until, since, roles, recognised, recogniser = _TERMS.unpack(packed)
    sides = from_bytes2(recogniser), from_bytes2(recognised)
    stated = benefits if any(benefits) else None
    return Terms(from_bytes32(arrangement), *sides, TradeRole(roles), stated, since, until)
