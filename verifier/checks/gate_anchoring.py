"""Does a gate statement lie under the root of its hour, and is that final? What leads there in a QR code is unsigned.

So no answer here is a failure of the document, as none is for what an archive says.
"""

from typing import Any

from anchors.gate_code import GateCode
from ledger.block import Block
from verifier.checks.finality import unknown, why_not_final
from verifier.evidence import Evidence
from verifier.facts import Finality
from verifier.finding import Finding
from verifier.hours import HourRoot
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked


def judge_gate(evidence: Evidence, asked: Asked, code: GateCode) -> Finding:
    """Judge the two paths, the time, then finality."""
    hour, facts = evidence.hour, {"hour": code.hour, "stated_at": code.anchored_at}
    if code.root is None:
        return unknown("anchoring.gate-path", evidence, **facts)
    if isinstance(hour, Missing) and hour.reason == "gate.hour-open":
        return unknown("anchoring.hour-open", evidence, **facts)
    if isinstance(hour, Missing):
        return unknown("anchoring.unreadable", evidence, missing="hour", reason=hour.reason)
    if hour is None:
        return unknown("anchoring.hour-missing", evidence, **facts)
    if not evidence.included:
        return unknown("anchoring.gate-path", evidence, **facts)
    if isinstance(evidence.head, Block) and code.anchored_at > evidence.head.timestamp:
        return unknown("anchoring.after-facts", evidence, anchored_at=code.anchored_at)
    if code.anchored_at > asked.until:
        return unknown("anchoring.later", evidence, anchored_at=code.anchored_at)
    return _judge_finality(evidence, code, hour)


def _judge_finality(evidence: Evidence, code: GateCode, hour: HourRoot) -> Finding:
    finality = evidence.finality
    if not isinstance(finality, Finality):
        reason = finality.reason if isinstance(finality, Missing) else "finality.none"
        return unknown("anchoring.unreadable", evidence, missing="finality", reason=reason)
    facts: dict[str, Any] = {"anchored_at": code.anchored_at, "finality": finality.to_dict()}
    if hour.attested_by:
        facts["attested_by"] = hour.attested_by
    if not evidence.final:
        return unknown(why_not_final(finality), evidence, **facts)
    place = {
        "root": code.root.hex() if code.root else None,
        "size": code.size,
        "leaf": code.index,
        "hour": code.hour,
        "hour_root": hour.root.hex(),
        "hour_size": hour.size,
    }
    return Finding("anchoring.final", Outcome.PASS, {"block": evidence.block, **facts, **place})
