"""Are the goods of the same headings, by the six digits on which all countries agree?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared, same_set
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the HS codes to six digits."""
    return compared("goods", papers, Aspect.HS_CODES, same_set("goods.differ"))
