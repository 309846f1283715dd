"""Which facts an answer rests on, for yes and for no: what must be proved so that nobody needs to believe it."""

from collections.abc import Iterable

from ledger import registry_slots as facts
from ledger.registry_slots import Fact
from verifier.operator_answer import OperatorFacts
from verifier.recognition_answer import DirectionFacts, Reason, RecognitionAnswer

_OF_ARRANGEMENTS = (Reason.NONE, Reason.SIGNED)


def of_recognition(
    held: DirectionFacts, answer: RecognitionAnswer, arrangements: Iterable[tuple[str, bool]]
) -> list[Fact]:
    """Return the facts of one direction; `arrangements`: every one there is, and whether it is of the programme."""
    direction = held.direction
    found = facts.agreements(direction).whole(len(held.agreements))
    if answer.reason in _OF_ARRANGEMENTS:
        return found + _of_arrangements(held, list(arrangements))
    if answer.agreement is None or answer.agreement.offer is None or answer.agreement.terms is None:
        return found
    found += [facts.offer_of(direction, held.agreements.index(answer.agreement))]
    found += facts.terms(answer.agreement.offer)
    arrangement = answer.agreement.terms.arrangement
    for side, membership in held.members.items():
        parties = held.parties.get(arrangement, {}).get(side, ())
        found += facts.party(arrangement, side).whole(len(parties))
        found += facts.member(side).whole(len(membership))
        found += facts.suspensions(direction, side).whole(len(held.suspensions.get(side, ())))
    return found


def of_operator(held: OperatorFacts) -> list[Fact]:
    """Return the facts of an operator's status."""
    found = facts.operator(held.authority, held.operator).whole(len(held.entries))
    found += facts.operator_suspensions(held.authority, held.operator).whole(len(held.suspensions))
    found += [facts.authority(held.authority), *facts.office(held.authority).whole(len(held.office))]
    if held.country:
        found += facts.member(held.country).whole(len(held.membership))
    return found


def of_alias(name: bytes, entries: int) -> list[Fact]:
    """Return the facts of an alias: which operator it is of, and since when it is in use."""
    return [*facts.alias(name), *facts.alias_entries(name).whole(entries)]


def _of_arrangements(held: DirectionFacts, arrangements: list[tuple[str, bool]]) -> list[Fact]:
    found = facts.arrangements().whole(len(arrangements))
    found += [facts.arrangement(name)[0] for name, _ in arrangements]
    for name in (name for name, of_programme in arrangements if of_programme):
        for side in held.members:
            found += facts.party(name, side).whole(len(held.parties.get(name, {}).get(side, ())))
    for side, membership in held.members.items():
        found += facts.member(side).whole(len(membership))
    return found
