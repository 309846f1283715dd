"""Why a proof of finality does not make something final, in the codes of the catalogue."""

from typing import Any

from ledger.finality.form import CHECKPOINT
from verifier.evidence import Evidence
from verifier.facts import Finality
from verifier.finding import Finding
from verifier.outcome import Outcome

FAULTS = {
    "finality.form": "anchoring.proof-form",
    "finality.header": "anchoring.proof-header",
    "finality.seal": "anchoring.proof-seal",
    "finality.set": "anchoring.proof-set",
    "finality.too-few": "anchoring.proof-too-few",
    "finality.hand-over": "anchoring.hand-over-missing",
}


def why_not_final(finality: Finality) -> str:
    """Return the code."""
    is_checkpoint = finality.form == CHECKPOINT.name
    if finality.fault and not (is_checkpoint and finality.fault == "finality.too-few"):
        return FAULTS[finality.fault]
    if not finality.on_chain:
        return "anchoring.checkpoint-differs" if is_checkpoint else "anchoring.block-differs"
    return "anchoring.not-final"


def unknown(code: str, evidence: Evidence, **facts: Any) -> Finding:
    """Return the finding that it cannot be said, with the block of the facts."""
    return Finding(code, Outcome.UNKNOWN, {"block": evidence.block, **facts})
