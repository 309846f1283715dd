"""Are exporter and importer the same? Names only warn: one company is written in many ways."""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Paper, Side
from verifier.consignment.party import Likeness, likest
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome

_FOUND = {
    Likeness.DIFFERENT: ("party.name-differs", Outcome.WARN),
    Likeness.OTHER_CODE: ("party.code-differs", Outcome.FAIL),
    Likeness.OTHER_SCRIPT: ("party.other-script", Outcome.UNKNOWN),
}


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the two parties; a document may name several in one's place, and the likest counts."""
    return [
        finding
        for aspect in (Aspect.EXPORTER, Aspect.IMPORTER)
        for finding in compared("party", papers, aspect, _compare)
    ]


def _compare(one: Side, two: Side) -> list[CrossFinding]:
    likeness, mine, theirs = likest(one.values, two.values)
    if likeness is Likeness.SAME:
        return []
    code, outcome = _FOUND[likeness]
    return [cross(code, outcome, one, two, (mine, theirs), aspect=one.aspect.value)]
