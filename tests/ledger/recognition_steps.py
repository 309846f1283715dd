"""Arrangements signed and terms agreed, as the countries' customs do it."""

from collections.abc import Sequence

from ledger.account import Account
from ledger.recognition import Arrangement, Direction, RecognitionState, Terms
from ledger.recognition_registry import offer_id
from tests.consortium import Consortium

ALWAYS = 2**63


def customs(consortium: Consortium, country: str) -> Account:
    return consortium.account(f"{country.lower()}.customs")


def arrange(consortium: Consortium, arrangement: Arrangement, parties: Sequence[str], signed_at: int = 0) -> None:
    """Have all of them sign it, the first one as its proposer."""
    registry, (first, *others) = consortium.registries.recognition, parties
    call = registry.propose_arrangement(arrangement, others, signed_at)
    consortium.submit(customs(consortium, first), call)
    for other in others:
        consortium.submit(customs(consortium, other), registry.accept_arrangement(arrangement.id, signed_at))


def agree(consortium: Consortium, *terms: Terms) -> None:
    """Let the recognisers offer and the recognised accept."""
    registry = consortium.registries.recognition
    for one in terms:
        consortium.submit(customs(consortium, one.recogniser), registry.offer([one]))
        consortium.submit(customs(consortium, one.recognised), registry.accept([offer_id(one)]))


def state(consortium: Consortium, direction: Direction, time: int, known: int = ALWAYS) -> RecognitionState:
    return consortium.registries.recognition.recognition(direction, time, known).state
