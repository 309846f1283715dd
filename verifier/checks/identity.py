"""Who signed, and does the registry know them? What does not depend on a time."""

from typing import Any

from ledger.block import Block
from verifier.checks.freshness import HEAD_SECONDS, is_at_head, is_fresh
from verifier.evidence import Evidence
from verifier.facts import KeyFacts
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked

ABSENT = frozenset({"issuer.key-unknown", "issuer.unregistered", "issuer.authority-unknown"})
"""Findings of what the registry does not have: it may have it in a later block."""


def identity_findings(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Return what speaks against key, issuer and authority whatever the time, and what could not be read."""
    findings = [*_unreadable(evidence), *_key(evidence, asked)]
    if evidence.issuer_id is None:
        findings.append(Finding("issuer.not-stated", Outcome.UNKNOWN))
    elif evidence.issuer is None:
        findings.append(_absent("issuer.unregistered", evidence, asked, issuer=evidence.issuer_id))
    elif evidence.authority is None:
        findings.append(_absent("issuer.authority-unknown", evidence, asked, issuer=evidence.issuer_id))
    if evidence.kind is None:
        findings.append(Finding("issuer.kind-unknown", Outcome.UNKNOWN))
    return [*findings, *_not_known_yet(evidence, findings)]


def _unreadable(evidence: Evidence) -> list[Finding]:
    parts: dict[str, object] = {
        "issuer": evidence.issuer,
        "accreditation": evidence.accreditation,
        "bodies": evidence.bodies,
        "scopes": evidence.scopes,
        "authority": evidence.authority,
    }
    if evidence.signed:
        parts["key"] = evidence.key
    missing = {name: part.reason for name, part in parts.items() if isinstance(part, Missing)}
    facts = {"block": evidence.block, "missing": missing}
    return [Finding("issuer.unreadable", Outcome.UNKNOWN, facts)] if missing else []


def _key(evidence: Evidence, asked: Asked) -> list[Finding]:
    key, signed = evidence.key, evidence.signed
    if signed is None:
        return [Finding("issuer.key-not-presented", Outcome.UNKNOWN)]
    facts = {"block": evidence.block, "kid": signed.kid}
    if key is None:
        return [_absent("issuer.key-unknown", evidence, asked, kid=signed.kid)]
    if isinstance(key, KeyFacts) and key.public_key is None:
        return [Finding("issuer.key-unusable", Outcome.UNKNOWN, facts)]
    if isinstance(key, KeyFacts) and key.issuer != signed.issuer:
        return [Finding("issuer.key-of-another", Outcome.FAIL, facts | {"registered_for": key.issuer}, "/iss")]
    return []


def _absent(code: str, evidence: Evidence, asked: Asked, **facts: Any) -> Finding:
    outcome = Outcome.FAIL if _is_complete(evidence, asked) else Outcome.UNKNOWN
    return Finding(code, outcome, {"block": evidence.block, **facts})


def _not_known_yet(evidence: Evidence, findings: list[Finding]) -> list[Finding]:
    """Say why what the registry does not know is not held against the document, and what to do."""
    head = evidence.head
    absent = [one.code for one in findings if one.code in ABSENT and one.outcome is Outcome.UNKNOWN]
    if not absent or not isinstance(head, Block):
        return []
    facts = {"block": head.number, "block_time": head.timestamp, "clock": evidence.clock, "limit": HEAD_SECONDS}
    return [Finding("issuer.not-known-yet", Outcome.UNKNOWN, facts | {"absent": absent})]


def _is_complete(evidence: Evidence, asked: Asked) -> bool:
    """Tell whether "the registry does not know it" can be held against the document.

    A node that lags behind does not know yet what it will. It knows enough if it has the final anchor, or if it is
    at the head of the chain, and not behind an anchor that the archive knows of or the document's own date of issue.
    Facts that were carried along are behind.
    """
    if evidence.final and evidence.included:
        return True
    head, signed = evidence.head, evidence.signed
    if not isinstance(head, Block) or signed is None or evidence.node_behind or asked.carried:
        return False
    return signed.iat <= head.timestamp and is_fresh(evidence, asked) and is_at_head(evidence)
