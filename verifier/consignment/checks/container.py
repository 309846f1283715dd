"""Are the same containers named?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared, same_set
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare container numbers, in whatever way they are spaced."""
    return compared("container", papers, Aspect.CONTAINERS, same_set("container.differs"))
