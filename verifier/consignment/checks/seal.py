"""Has each container the same seals?"""

from collections.abc import Sequence
from dataclasses import replace

from verifier.consignment.aspect import Aspect
from verifier.consignment.comparing import compared, same_set
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.paper import Paper, Side
from verifier.consignment.tolerance import Tolerance

_compare = same_set("seal.differs")


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Compare the seals of the containers for which both documents name some."""
    return compared("seal", papers, Aspect.SEALS, _of_common_containers)


def _of_common_containers(one: Side, two: Side) -> list[CrossFinding] | None:
    # A container that only one of them names is the other check's matter.
    common = _containers(one) & _containers(two)
    return _compare(*(_within(side, common) for side in (one, two))) if common else None


def _containers(side: Side) -> set[str]:
    return {value.value[0] for value in side.values}


def _within(side: Side, containers: set[str]) -> Side:
    return replace(side, values=tuple(value for value in side.values if value.value[0] in containers))
