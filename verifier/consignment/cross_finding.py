"""What two documents of a consignment, laid beside each other, show."""

from dataclasses import dataclass
from typing import Any

from verifier.consignment.nature import Nature
from verifier.consignment.paper import Side
from verifier.consignment.particular import Particular
from verifier.finding import Finding
from verifier.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """A member of a document: number among those presented, RFC 6901 pointer, and on whose word it stands."""

    document: int
    pointer: str
    nature: Nature


@dataclass(frozen=True, slots=True)
class CrossFinding(Finding):
    """A finding between two places (or about one). It shows no value: who asked has the documents."""

    between: tuple[Place, ...] = ()


def cross(
    code: str,
    outcome: Outcome,
    one: Side,
    other: Side,
    at: tuple[Particular | None, Particular | None] = (None, None),
    **facts: Any,
) -> CrossFinding:
    """Return a finding between two sides: at the values given, or where the values of the side stand."""
    places = tuple(_place(side, value) for side, value in zip((one, other), at, strict=True))
    return CrossFinding(code, outcome, facts, between=places)


def _place(side: Side, value: Particular | None) -> Place:
    nature = Nature.WITHHELD if side.hidden else side.paper.nature
    return Place(side.paper.number, value.pointer if value else side.place, nature)
