"""A verdict as JSON: for the HTTP API, the command line, and whoever keeps it."""

from typing import Any

from verifier.finding import Finding
from verifier.verdict import Verdict


def to_dict(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as JSON members. Times are seconds since the epoch; nothing of the document's content."""
    asked = verdict.asked
    return {
        "authentic": verdict.authentic.value,
        "usable": verdict.usable.value,
        "digest": verdict.digest.hex() if verdict.digest else None,
        "issuer": verdict.issuer,
        "kind": verdict.kind,
        "asked": {"at": asked.at, "known_at": asked.known_at, "relying_country": asked.relying_country},
        "as_of": _as_of(verdict),
        "finality": verdict.finality.to_dict() if verdict.finality else None,
        "policy": verdict.policy,
        "findings": [finding_json(finding) for finding in verdict.findings],
    }


def _as_of(verdict: Verdict) -> dict[str, Any] | None:
    block = verdict.as_of
    return {"block": block.number, "hash": f"0x{block.hash.hex()}", "time": block.timestamp} if block else None


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON members, with what it means and what to do."""
    entry = finding.entry
    return {
        "check": finding.check,
        "code": finding.code,
        "outcome": finding.outcome.value,
        "usable": finding.usable.value if finding.usable else None,
        "evidence": dict(finding.facts),
        "pointer": finding.pointer,
        "text": {"en": entry.en, "zh": entry.zh},
        "remedy": {"en": entry.remedy_en, "zh": entry.remedy_zh},
    }
