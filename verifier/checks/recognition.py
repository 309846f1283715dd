"""Does the relying country recognise it? Asked only when a country is given."""

from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """State that it was not asked, or that no registry of recognitions is there to answer."""
    if asked.relying_country is None:
        return [Finding("recognition.not-asked", Outcome.SKIPPED)]
    return [Finding("recognition.not-checked", Outcome.UNKNOWN, {"relying_country": asked.relying_country})]
