"""Do the others name the transport document that is there?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared, equal
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the numbers of the transport document."""
    return compared("carriage", papers, Aspect.CARRIED_UNDER, equal("carriage.differs"))
