"""Do the gross weights agree, in whatever unit, within the tolerance of the policy?

Codes: "weight.differs", "weight.part", "weight.unit-unknown".
"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.checks.total import totals
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare total gross weights in kilograms."""
    return compared("weight", papers, Aspect.GROSS_WEIGHT, totals("weight", tolerance.weight))
