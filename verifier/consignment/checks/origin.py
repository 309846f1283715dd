"""Is the same origin claimed for goods of one HS code?"""

from collections import defaultdict
from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Paper, Side
from verifier.consignment.particular import Particular
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the countries of origin, HS code by HS code, as far as both documents name the code."""
    return compared("origin", papers, Aspect.ORIGINS, _compare)


def _compare(one: Side, two: Side) -> list[CrossFinding] | None:
    mine, theirs = _by_code(one), _by_code(two)
    common = sorted(mine.keys() & theirs.keys())
    differing = [
        cross("origin.differs", Outcome.FAIL, one, two, (mine[code][0], theirs[code][0]), aspect=one.aspect.value)
        for code in common
        if _countries(mine[code]).isdisjoint(_countries(theirs[code]))
    ]
    return differing if common else None


def _by_code(side: Side) -> dict[str, list[Particular]]:
    found: defaultdict[str, list[Particular]] = defaultdict(list)
    for particular in side.values:
        found[particular.value[0]].append(particular)
    return found


def _countries(particulars: list[Particular]) -> set[str]:
    return {particular.value[1] for particular in particulars}
