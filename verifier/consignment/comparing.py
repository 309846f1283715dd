"""The ways in which two sides are compared; each check chooses one and names the codes."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Any

from verifier.consignment.aspect import Aspect
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Paper, Side, pairs
from verifier.consignment.papers import WHOLE
from verifier.consignment.particular import Particular
from verifier.outcome import Outcome

MOST = 20
"""How many differences between two documents are named one by one."""

Compare = Callable[[Side, Side], list[CrossFinding] | None]
"""Returns what differs, nothing if nothing does; None where the two say nothing of each other."""


def compared(
    check: str, papers: Sequence[Paper], aspect: Aspect, compare: Compare, other: Aspect | None = None
) -> list[CrossFinding]:
    """Compare every two documents that say, or withhold, the aspect.

    What is withheld gives `<check>.withheld`, unknown; where `compare` finds nothing, `<check>.agrees`, pass.
    """
    found: list[CrossFinding] = []
    for one, two in pairs(papers, aspect, other):
        if one.hidden or two.hidden:
            found.append(cross(f"{check}.withheld", Outcome.UNKNOWN, one, two, aspect=aspect.value))
        elif (differing := compare(one, two)) is not None:
            found += differing or [cross(f"{check}.agrees", Outcome.PASS, one, two, aspect=aspect.value)]
    return found


def equal(code: str, **facts: Any) -> Compare:
    """Return a comparison of single values: whichever differs fails."""

    def compare(one: Side, two: Side) -> list[CrossFinding]:
        [mine], [theirs] = one.values, two.values
        if mine.value == theirs.value:
            return []
        return [cross(code, Outcome.FAIL, one, two, (mine, theirs), aspect=one.aspect.value, **facts)]

    return compare


def same_set(code: str) -> Compare:
    """Return a comparison of lists: each value of the one must be in the other, and back.

    A document that may speak of a part of the consignment need not name all that another does; two such are not
    compared.
    """

    def compare(one: Side, two: Side) -> list[CrossFinding] | None:
        if one.paper.kind not in WHOLE:
            return None
        mine, theirs = _missing(one, two) if two.paper.kind in WHOLE else [], _missing(two, one)
        return list(islice(_paired(code, one, two, mine, theirs), MOST))

    return compare


def _missing(of: Side, among: Side) -> list[Particular]:
    """Return the values of one side that the other does not have, in the order of their values."""
    others = {particular.value for particular in among.values}
    missing = {one.value: one for one in reversed(of.values) if one.value not in others}
    return [missing[value] for value in sorted(missing)]


def _paired(
    code: str, one: Side, two: Side, mine: list[Particular], theirs: list[Particular]
) -> Iterator[CrossFinding]:
    for at in zip_longest(mine, theirs):
        yield cross(code, Outcome.FAIL, one, two, at, aspect=one.aspect.value)
