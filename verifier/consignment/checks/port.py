"""Are the ports the same, by their UN/LOCODE?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared, equal
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance

_compare = equal("port.differs")


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the ports of loading and of discharge."""
    return [
        finding
        for aspect in (Aspect.LOADING, Aspect.DISCHARGE)
        for finding in compared("port", papers, aspect, _compare)
    ]
