"""What the registries hold about one direction, by their getters: to compare with what is read from storage."""

from ledger.authority_registry import AuthorityRegistry
from ledger.dated_list import Entries
from ledger.recognition import Direction
from ledger.recognition_registry import RecognitionRegistry
from verifier.recognition_answer import Agreement, DirectionFacts


def read_direction(
    recognitions: RecognitionRegistry, authorities: AuthorityRegistry, direction: Direction, at: int
) -> DirectionFacts:
    """Return all that is held about the direction. Raises Unavailable `chain.*`, Refused `contract.*`."""
    sides = (direction.recogniser, direction.recognised)
    return DirectionFacts(
        direction=direction,
        agreements=_agreements(recognitions, direction, at),
        suspensions={side: recognitions.suspension_entries(direction, side, at) for side in sides},
        members={side: authorities.member_entries(side, at) for side in sides},
        parties=_parties(recognitions, direction, at),
    )


def _agreements(recognitions: RecognitionRegistry, direction: Direction, at: int) -> tuple[Agreement, ...]:
    found = []
    for number, entry in enumerate(recognitions.recognition_entries(direction, at)):
        offer = recognitions.recognition_offer(direction, number, at)
        found.append(Agreement(entry, offer, recognitions.offer_terms(offer, at) if offer else None))
    return tuple(found)


def _parties(recognitions: RecognitionRegistry, direction: Direction, at: int) -> dict[str, dict[str, Entries]]:
    sides = (direction.recogniser, direction.recognised)
    found = {}
    for name in recognitions.arrangements(at):
        arrangement = recognitions.arrangement(name, at)
        if arrangement and arrangement.programme == direction.programme:
            found[name] = {side: recognitions.party_entries(name, side, at) for side in sides}
    return found
