"""Who controls the bill of lading? No registry of titles is there yet: every bill is judged as a plain document."""

from ledger.kinds.bill_of_lading import BILL_OF_LADING
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Warn for a bill that has no title record."""
    if evidence.kind == BILL_OF_LADING.name:
        return [Finding("title.none", Outcome.WARN)]
    return [Finding("title.not-applicable", Outcome.SKIPPED)]
