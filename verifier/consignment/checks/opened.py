"""Could each document be opened, so that there is something to compare?"""

from collections.abc import Sequence

from verifier.consignment.cross_finding import CrossFinding, Place
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Name each document that was compared with nothing; why, its own verdict says."""
    return [
        CrossFinding("opened.not", Outcome.UNKNOWN, between=(Place(paper.number, "", paper.nature),))
        for paper in papers
        if paper.document is None
    ]
