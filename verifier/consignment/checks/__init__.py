"""The checks between documents: pure functions of (papers, tolerance), one file each, in the order of the report."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from verifier.consignment.checks import (
    carriage,
    container,
    date,
    goods,
    holder,
    invoice,
    opened,
    origin,
    package,
    party,
    port,
    seal,
    weight,
)
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper
from verifier.consignment.tolerance import Tolerance

CrossCheck = Callable[[Sequence[Paper], Tolerance], list[CrossFinding]]

CROSS_CHECKS: Mapping[str, CrossCheck] = MappingProxyType(
    {
        "opened": opened.check,
        "carriage": carriage.check,
        "container": container.check,
        "seal": seal.check,
        "weight": weight.check,
        "package": package.check,
        "goods": goods.check,
        "origin": origin.check,
        "party": party.check,
        "port": port.check,
        "date": date.check,
        "invoice": invoice.check,
        "holder": holder.check,
    }
)


def cross_check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Make every check. The order of the papers changes only the numbers by which the findings name them."""
    return [finding for check in CROSS_CHECKS.values() for finding in check(papers, tolerance)]
