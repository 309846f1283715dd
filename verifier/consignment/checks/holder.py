"""Is the operator of the AEO credential a party of this consignment? Else its benefit is another's."""

from collections.abc import Iterator, Sequence

from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from verifier.consignment.aspect import Aspect
from verifier.consignment.cross_finding import CrossFinding, Place, cross
from verifier.consignment.paper import Paper, Side, sides
from verifier.consignment.particular import Particular
from verifier.consignment.party import Likeness, Party
from verifier.consignment.plain import plain_code
from verifier.consignment.tolerance import Tolerance
from verifier.outcome import Outcome


def check(papers: Sequence[Paper], tolerance: Tolerance) -> list[CrossFinding]:
    """Look for the operator of each credential among the exporters and importers of the others."""
    parties = [side for aspect in (Aspect.EXPORTER, Aspect.IMPORTER) for side in sides(papers, aspect)]
    return [_judge(operator, parties) for operator in _operators(papers)]


def _operators(papers: Sequence[Paper]) -> Iterator[Side]:
    for paper in papers:
        if paper.kind == AEO_CREDENTIAL.name and paper.document is not None:
            stated = paper.document["operator"]
            codes = frozenset({("", plain_code(stated["code"]))})
            names = [stated["name"], *([stated["localName"]] if "localName" in stated else [])]
            values = tuple(Particular(Party(name, codes), "/operator/name") for name in names)
            yield Side(paper, Aspect.EXPORTER, "/operator/code", values)


def _judge(operator: Side, parties: list[Side]) -> CrossFinding:
    [code] = {code for _, code in operator.values[0].value.codes}
    shown = [(side, value) for side in parties for value in side.values]
    for side, value in shown:
        if code in {known for _, known in value.value.codes}:
            return cross("holder.party", Outcome.PASS, operator, side, (None, value))
    for side, value in shown:
        if any(name.value.likeness(value.value) is Likeness.SAME for name in operator.values):
            return cross("holder.by-name", Outcome.WARN, operator, side, (operator.values[0], value))
    if hidden := next((side for side in parties if side.hidden), None):
        return cross("holder.withheld", Outcome.UNKNOWN, operator, hidden)
    place = Place(operator.paper.number, operator.place, operator.paper.nature)
    return CrossFinding("holder.stranger", Outcome.WARN, between=(place,))
