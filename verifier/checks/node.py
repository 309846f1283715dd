"""Did a node say what it cannot prove, or something else than another node?"""

from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked

_DISAGREEMENT = "chain.disagreement"
_PROOF = "proof."
_CODE = "proof.code"
"""Proved: the contract there is another one. The trust roots may be wrong; the node is not."""


def check(evidence: Evidence, _asked: Asked) -> list[Finding]:
    """Name the parts that are missing for that reason; a node that only does not answer is not meant."""
    parts = {name: getattr(evidence, name) for name in Evidence.__dataclass_fields__}
    missing = {name: part for name, part in parts.items() if isinstance(part, Missing)}
    found = []
    if unproved := {name: one for name, one in missing.items() if _is_unproved(one)}:
        found.append(_finding("node.not-proved", evidence, unproved))
    if differing := {name: one for name, one in missing.items() if one.reason == _DISAGREEMENT}:
        found.append(_finding("node.disagreement", evidence, differing))
    return found


def _is_unproved(part: Missing) -> bool:
    return part.reason.startswith(_PROOF) and part.reason != _CODE


def _finding(code: str, evidence: Evidence, parts: dict[str, Missing]) -> Finding:
    said = [{"missing": name, "reason": one.reason, "detail": one.detail} for name, one in parts.items()]
    return Finding(code, Outcome.UNKNOWN, {"block": evidence.block, "parts": said})
