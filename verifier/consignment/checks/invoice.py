"""Is the invoice that is there one of those that the others name?"""

from collections.abc import Sequence

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared
from verifier.consignment.cross_finding import CrossFinding, cross
from verifier.consignment.paper import Paper, Side
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Look for the number of each invoice among the invoices that certificate and declaration name."""
    return compared("invoice", papers, Aspect.INVOICES, _compare, Aspect.INVOICE)


def _compare(one: Side, two: Side) -> list[CrossFinding]:
    [number] = two.values
    if number.value in {named.value for named in one.values}:
        return []
    return [cross("invoice.not-named", Outcome.FAIL, one, two, (None, number), aspect=one.aspect.value)]
