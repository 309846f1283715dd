"""What the document's own dates say: never whether it is authentic."""

from ledger.envelope import Envelope
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked

CLOCKS_APART = 300
"""Seconds that an issuer's clock may be ahead of the chain's before its date of issue is worth a warning."""


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge `exp` and `nbf` at the time asked about, `iat` against the anchor; exp is the first second too late."""
    envelope = evidence.envelope
    if envelope is None:
        return [Finding("validity.not-presented", Outcome.UNKNOWN)]
    findings = [*_judge_term(envelope, asked.at), *_judge_issue(envelope, evidence)]
    if any(finding.outcome is Outcome.FAIL for finding in findings):
        return findings
    return [Finding("validity.within", Outcome.PASS, {"at": asked.at, "exp": envelope.exp}), *findings]


def _judge_term(envelope: Envelope, at: int) -> list[Finding]:
    findings = []
    if envelope.exp is not None and at >= envelope.exp:
        findings.append(Finding("validity.expired", Outcome.FAIL, {"at": at, "exp": envelope.exp}, "/exp"))
    if envelope.nbf is not None and at < envelope.nbf:
        findings.append(Finding("validity.not-yet", Outcome.FAIL, {"at": at, "nbf": envelope.nbf}, "/nbf"))
    return findings


def _judge_issue(envelope: Envelope, evidence: Evidence) -> list[Finding]:
    anchored_at = evidence.anchored_at()
    latest = evidence.clock if anchored_at is None else anchored_at
    if envelope.iat <= latest + CLOCKS_APART:
        return []
    return [Finding("validity.stated-later", Outcome.WARN, {"iat": envelope.iat, "latest": latest}, "/iat")]
