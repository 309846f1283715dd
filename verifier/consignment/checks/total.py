"""Totals of documents that speak of the whole consignment, or of a part of it."""

from collections.abc import Callable
from typing import Any

from verifier.consignment.comparing import Compare
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Side
from verifier.consignment.papers import WHOLE
from verifier.outcome import Outcome


def totals(check: str, allowed: Callable[[Any, Any], Any]) -> Compare:
    """Return a comparison of totals that may differ by what `allowed` returns for the two.

    Two wholes must be equal; a part must not be more than the whole, and less is worth a look. Two parts are not
    compared. A total in a unit that is not known here (None) is unknown.
    """

    def compare(one: Side, two: Side) -> list[CrossFinding] | None:
        [mine], [theirs] = one.values, two.values
        if one.paper.kind not in WHOLE:
            return None
        at, facts = (mine, theirs), {"aspect": one.aspect.value}
        if mine.value is None or theirs.value is None:
            return [cross(f"{check}.unit-unknown", Outcome.UNKNOWN, one, two, at, **facts)]
        if abs(mine.value - theirs.value) <= allowed(mine.value, theirs.value):
            return []
        if two.paper.kind not in WHOLE and theirs.value < mine.value:
            return [cross(f"{check}.part", Outcome.WARN, one, two, at, **facts)]
        return [cross(f"{check}.differs", Outcome.FAIL, one, two, at, **facts)]

    return compare
