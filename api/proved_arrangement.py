"""Which facts an answer about an arrangement rests on: what was signed by whom, and the directions under it."""

from collections.abc import Iterable

from ledger import registry_slots as facts
from ledger.dated_list import Entries
from ledger.recognition import Arrangement
from ledger.registry_slots import Fact
from verifier.recognition_answer import DirectionFacts


def of_arrangement(
    one: Arrangement, parties: dict[str, Entries], members: dict[str, Entries], directions: Iterable[DirectionFacts]
) -> list[Fact]:
    """Return the facts; `directions` are those that were ever agreed under it."""
    found = facts.arrangement(one.id) + facts.parties(one.id).whole(len(parties))
    for country, entries in parties.items():
        found += facts.party(one.id, country).whole(len(entries))
    for country, entries in members.items():
        found += facts.member(country).whole(len(entries))
    for held in directions:
        direction = held.direction
        found += facts.agreements(direction).whole(len(held.agreements))
        for number, agreement in enumerate(held.agreements):
            found.append(facts.offer_of(direction, number))
            found += facts.terms(agreement.offer) if agreement.offer else []
        for side, entries in held.suspensions.items():
            found += facts.suspensions(direction, side).whole(len(entries))
    return found
