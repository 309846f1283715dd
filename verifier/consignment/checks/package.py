"""Are there as many packages?

Codes: "package.differs", "package.part".
"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.checks.total import totals
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare total numbers of packages, which must be equal."""
    return compared("package", papers, Aspect.PACKAGES, totals("package", lambda one, other: 0))
