"""What a pack holds about one country's recognition of another."""

from collections.abc import Mapping

from ledger.country import from_bytes2, to_bytes2
from ledger.dated_list import Entries
from ledger.identifier import from_bytes32, to_bytes32
from ledger.recognition import Direction, Terms
from verifier.pack import kinds
from verifier.pack.lists import PackLists, entry_of, word
from verifier.recognition_answer import Agreement, DirectionFacts
from verifier.recognition_storage import shared

TermsByOffer = Mapping[bytes, bytes]


def direction_facts(
    lists: PackLists, direction: Direction, terms: TermsByOffer, members: Mapping[str, Entries]
) -> DirectionFacts:
    """Return all that is held about one direction; `members`: of the consortium, both sides."""
    sides = (direction.recogniser, direction.recognised)
    words = (*(to_bytes2(side).ljust(32, b"\0") for side in sides), to_bytes32(direction.programme))
    return DirectionFacts(
        direction=direction,
        agreements=tuple(_agreement(row, terms) for row in lists.rows(kinds.RECOGNITION, (0, 1, 2), *words)),
        suspensions={
            side: lists.entries(kinds.RECOGNITION_SUSPENSION, (0, 1, 2, 3), *words, to_bytes2(side).ljust(32, b"\0"))
            for side in sides
        },
        members=members,
        parties=shared(_parties(lists, direction.programme), direction),
    )


def terms_of(encoded: bytes) -> Terms:
    """Return the terms whose ABI encoding this is."""
    arrangement, benefits, recogniser, recognised, *numbers = (word(encoded, place) for place in range(7))
    roles, since, until = map(int.from_bytes, numbers)
    return Terms.of((arrangement, benefits, recogniser[:2], recognised[:2], roles, since, until))


def _agreement(row: bytes, terms: TermsByOffer) -> Agreement:
    offer = word(row, 3)
    return Agreement(entry_of(row), offer, terms_of(terms[offer])) if any(offer) else Agreement(entry_of(row))


def _parties(lists: PackLists, programme: str) -> dict[str, dict[str, Entries]]:
    named = [word(row, 0) for row in lists.rows(kinds.ARRANGEMENT, (1,), to_bytes32(programme))]
    return {from_bytes32(name): _of(lists, name) for name in named}


def _of(lists: PackLists, arrangement: bytes) -> dict[str, Entries]:
    countries = dict.fromkeys(word(row, 1) for row in lists.rows(kinds.PARTY, (0,), arrangement))
    return {from_bytes2(country[:2]): lists.entries(kinds.PARTY, (0, 1), arrangement, country) for country in countries}
