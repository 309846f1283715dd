"""From a judged consignment to the facts that rules speak of."""

from collections.abc import Callable, Iterable
from typing import Any

from ledger.kinds.bill_of_lading import BILL_OF_LADING
from verifier.axes import Authentic
from verifier.consignment.aspect import Aspect
from verifier.consignment.credit import Credit
from verifier.consignment.judging import Consignment
from verifier.consignment.paper import sides
from verifier.decision.fact import Facts, Words
from verifier.outcome import Outcome
from verifier.verdict import Verdict

_NOT_WELL = frozenset({Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN})


def facts_of(consignment: Consignment, of_operators: Iterable[Credit]) -> Facts:
    """Return every fact of the vocabulary."""
    return {
        **_of_documents(consignment),
        **_of_findings(consignment),
        **_of_operators(consignment, list(of_operators)),
        "goods.chapters": _words(consignment, Aspect.HS_CODES, lambda code: code[:2]),
        "goods.origins": _words(consignment, Aspect.ORIGINS, lambda pair: pair[1]),
        "transport.loading": _words(consignment, Aspect.LOADING, str),
        "transport.discharge": _words(consignment, Aspect.DISCHARGE, str),
    }


def transport_documents(consignment: Consignment) -> list[bytes]:
    """Return the digests that the sample is drawn for: of the transport documents that are VALID."""
    return [
        verdict.digest
        for one, verdict in consignment.signed
        if one.paper.kind == BILL_OF_LADING.name and verdict.authentic is Authentic.VALID and verdict.digest
    ]


def _of_documents(consignment: Consignment) -> Facts:
    verdicts = [verdict for _, verdict in consignment.signed]
    count = {axis: sum(verdict.authentic is axis for verdict in verdicts) for axis in Authentic}
    valid = [verdict.kind for verdict in verdicts if verdict.authentic is Authentic.VALID and verdict.kind]
    return {
        "documents.signed": len(verdicts),
        "documents.stated": len(consignment.papers) - len(verdicts),
        "documents.valid": count[Authentic.VALID],
        "documents.invalid": count[Authentic.INVALID],
        "documents.indeterminate": count[Authentic.INDETERMINATE],
        "documents.kinds": Words(frozenset(valid)),
        "documents.use": Words(frozenset(one.use.value for one in consignment.papers if one.use)),
        "documents.unrecognised": sum(_is_unrecognised(verdict) for verdict in verdicts),
    }


def _is_unrecognised(verdict: Verdict) -> bool:
    return any(one.check == "recognition" and one.outcome is Outcome.FAIL for one in verdict.findings)


def _of_findings(consignment: Consignment) -> Facts:
    between = consignment.findings
    every = [*between, *(finding for _, verdict in consignment.signed for finding in verdict.findings)]
    return {
        **{
            f"findings.{outcome}": sum(finding.outcome is outcome for finding in between)
            for outcome in (Outcome.FAIL, Outcome.WARN, Outcome.UNKNOWN)
        },
        "findings.codes": Words(frozenset(finding.code for finding in every if finding.outcome in _NOT_WELL)),
    }


def _of_operators(consignment: Consignment, found: list[Credit]) -> Facts:
    """The credential that is worth most counts: one that is expected, and whose operator is a party here."""
    best = min(found, key=lambda one: (one.expected is not True, one.party is not True, one.document), default=None)
    if best is None:
        # One that could not be opened may have been a credential.
        opened = all(one.paper.document is not None for one, _ in consignment.signed)
        return {"operator.expected": False if opened else None, "operator.party": None, "operator.tier": None}
    tier = best.benefit.operator.tier if best.benefit and best.benefit.operator.authorised else None
    return {"operator.expected": best.expected, "operator.party": best.party, "operator.tier": tier}


def _words(consignment: Consignment, aspect: Aspect, word: Callable[[Any], str]) -> Words:
    """What is said of it anywhere; complete only if somebody says it, nobody withholds it, and all could be opened."""
    papers = [one.paper for one in consignment.papers]
    found = sides(papers, aspect)
    values = frozenset(word(value.value) for side in found for value in side.values)
    hidden = any(side.hidden for side in found) or any(paper.document is None for paper in papers)
    return Words(values, complete=bool(values) and not hidden)
