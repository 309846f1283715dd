"""A consignment whose documents agree, as papers, and ways to change one of them."""

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from api.demonstration.samples import sample
from verifier.consignment.checks import cross_check
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.nature import Nature
from verifier.consignment.paper import Paper
from verifier.consignment.statement import STATEMENTS
from verifier.consignment.tolerance import Tolerance

BILL, CERTIFICATE, AEO = "bill-of-lading", "certificate-of-origin", "aeo-credential"
DECLARATION, INVOICE = "customs-declaration", "commercial-invoice"
ALL = (BILL, CERTIFICATE, AEO, DECLARATION, INVOICE)
UNSIGNED = (DECLARATION, INVOICE)
Change = Callable[[Any], None]


def document(kind: str, change: Change | None = None) -> dict[str, Any]:
    found: dict[str, Any] = copy.deepcopy(sample(kind))
    if change is not None:
        change(found)
    STATEMENTS[kind].validate(found)
    return found


def papers(kinds: Sequence[str] = ALL, **changes: Change) -> list[Paper]:
    """One paper for each kind, in that order; `changes` by the kind, with underscores."""
    return [paper(number, kind, changes.get(kind.replace("-", "_"))) for number, kind in enumerate(kinds)]


def paper(number: int, kind: str, change: Change | None = None) -> Paper:
    nature = Nature.STATED if kind in UNSIGNED else Nature.SIGNED
    return Paper(number, kind, document(kind, change), nature)


def withholding(one: Paper, *groups: str) -> Paper:
    """The paper as it is presented without these groups, which are members of the document itself."""
    assert one.document is not None
    left = {name: value for name, value in one.document.items() if f"/{name}" not in groups}
    return Paper(one.number, one.kind, left, one.nature, groups)


def found(papers: Iterable[Paper], tolerance: Tolerance = Tolerance()) -> list[CrossFinding]:  # noqa: B008
    return cross_check(list(papers), tolerance)


def not_well(papers: Iterable[Paper], tolerance: Tolerance = Tolerance()) -> list[tuple[str, str]]:  # noqa: B008
    """Code and outcome of each finding that is no pass, in order."""
    return sorted(
        (finding.code, finding.outcome.value) for finding in found(papers, tolerance) if finding.outcome.value != "pass"
    )
