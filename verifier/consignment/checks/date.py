"""Do the dates of departure agree, and was the origin certified in time?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Paper, Side
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare departures with each other, and certification with the departures that others state."""

    def departures(one: Side, two: Side) -> list[CrossFinding]:
        [mine], [theirs] = one.values, two.values
        if abs((mine.value - theirs.value).days) <= tolerance.days:
            return []
        return [cross("date.departure-differs", Outcome.FAIL, one, two, (mine, theirs), aspect=one.aspect.value)]

    def certification(one: Side, two: Side) -> list[CrossFinding]:
        [certified], [departed] = one.values, two.values
        if one.paper is two.paper or (certified.value - departed.value).days <= tolerance.days:
            return []
        at = (certified, departed)
        return [cross("date.certified-later", Outcome.WARN, one, two, at, aspect=one.aspect.value)]

    late = [
        finding
        for finding in compared("date", papers, Aspect.CERTIFIED, certification, Aspect.DEPARTURE)
        if finding.outcome is Outcome.WARN
    ]
    return compared("date", papers, Aspect.DEPARTURE, departures) + late
