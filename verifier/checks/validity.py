"""What the document's own dates say: never whether it is authentic."""

from ledger.envelope import Envelope
from ledger.gate_statement import GateStatement
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.outcome import Outcome
from verifier.question import Asked

CLOCKS_APART = 300
"""Seconds that an issuer's clock may be ahead of the chain's before its date of issue is worth a warning."""


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge `exp` and `nbf` at the time asked about, `iat` against the anchor; exp is the first second too late."""
    signed = evidence.signed
    if signed is None:
        return [Finding("validity.not-presented", Outcome.UNKNOWN)]
    findings = [*_judge_term(signed, asked.at), *_judge_issue(signed, evidence)]
    if any(finding.outcome is Outcome.FAIL for finding in findings):
        return findings
    return [Finding("validity.within", Outcome.PASS, {"at": asked.at, "exp": signed.exp}), *findings]


def _judge_term(signed: Envelope | GateStatement, at: int) -> list[Finding]:
    findings = []
    if signed.exp is not None and at >= signed.exp:
        findings.append(Finding("validity.expired", Outcome.FAIL, {"at": at, "exp": signed.exp}, "/exp"))
    if signed.nbf is not None and at < signed.nbf:
        findings.append(Finding("validity.not-yet", Outcome.FAIL, {"at": at, "nbf": signed.nbf}, "/nbf"))
    return findings


def _judge_issue(signed: Envelope | GateStatement, evidence: Evidence) -> list[Finding]:
    anchored_at = evidence.anchored_at()
    latest = evidence.clock if anchored_at is None else anchored_at
    if signed.iat <= latest + CLOCKS_APART:
        return []
    return [Finding("validity.stated-later", Outcome.WARN, {"iat": signed.iat, "latest": latest}, "/iat")]
