"""Does the chain hold it, finally, and since when?

No answer here is a failure of the document: a wrong path, a missing anchor or too few signatures may be a fault of
the archive or the node, or come right later.
"""

from typing import Any

from ledger.authority_codes import Role
from ledger.block import Block
from ledger.dated_list import code_at
from verifier.checks.finality import FAULTS, unknown, why_not_final
from verifier.checks.gate_anchoring import judge_gate
from verifier.evidence import Evidence
from verifier.facts import AccountFacts, AnchoringFacts
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.record import Record


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the record first, then what the chain says of its batch, then finality."""
    record = evidence.record
    if evidence.subject.rejection:
        return [Finding("anchoring.no-digest", Outcome.SKIPPED)]
    if evidence.gate:
        return [judge_gate(evidence, asked, evidence.gate)]
    if isinstance(record, Missing):
        return [unknown("anchoring.unreadable", evidence, missing="record", reason=record.reason)]
    if record is None:
        return [unknown("anchoring.not-found", evidence)]
    return [_judge_record(evidence, asked, record)]


def _judge_record(evidence: Evidence, asked: Asked, record: Record) -> Finding:
    anchoring, head = evidence.anchoring, evidence.head
    if isinstance(anchoring, Missing) and isinstance(head, Missing):
        return _without_block(evidence, head)
    if isinstance(anchoring, Missing):
        # What is shown beside a pack has a block of its own, which must be final too.
        code = FAULTS.get(anchoring.reason, "anchoring.unreadable")
        return unknown(code, evidence, missing="anchoring", reason=anchoring.reason)
    if anchoring is None:
        return unknown(_why_not(evidence, record), evidence)
    if not evidence.included:
        return unknown("anchoring.path-wrong", evidence)
    if isinstance(head, Block) and anchoring.anchored_at > head.timestamp:
        return unknown("anchoring.after-facts", evidence, anchored_at=anchoring.anchored_at)
    if anchoring.anchored_at > asked.until:
        return unknown("anchoring.later", evidence, anchored_at=anchoring.anchored_at)
    return _judge_account(evidence, anchoring) or _judge_finality(evidence, anchoring, record)


def _without_block(evidence: Evidence, head: Missing) -> Finding:
    # An evidence file has no block but the one that it proves final.
    facts = {"reason": head.reason, "detail": head.detail}
    return unknown(FAULTS.get(head.reason, "anchoring.unreadable"), evidence, missing="head", **facts)


def _why_not(evidence: Evidence, record: Record) -> str:
    if record.stopped:
        return "anchoring.stopped"
    return "anchoring.node-behind" if evidence.node_behind else "anchoring.pending"


def _judge_account(evidence: Evidence, anchoring: AnchoringFacts) -> Finding | None:
    if anchoring.attested_by:
        return None
    account, time = evidence.account, anchoring.anchored_at
    if isinstance(account, Missing):
        return unknown("anchoring.unreadable", evidence, missing="account", reason=account.reason)
    # The contract let it anchor; its role may have ended later in the same block.
    if account and any(_is_anchor(account, then) for then in (time, time - 1)):
        return None
    return unknown("anchoring.account-unlisted", evidence, account=anchoring.account, anchored_at=time)


def _is_anchor(account: AccountFacts, time: int) -> bool:
    return account.role == Role.ANCHOR == code_at(account.entries, time)


def _judge_finality(evidence: Evidence, anchoring: AnchoringFacts, record: Record) -> Finding:
    finality = evidence.finality
    if isinstance(finality, Missing):
        return unknown("anchoring.unreadable", evidence, missing="finality", reason=finality.reason)
    if finality is None:
        return unknown("anchoring.not-final", evidence, anchored_at=anchoring.anchored_at)
    facts: dict[str, Any] = {"anchored_at": anchoring.anchored_at, "finality": finality.to_dict()}
    if anchoring.attested_by:
        facts["attested_by"] = anchoring.attested_by
    if evidence.final:
        return Finding("anchoring.final", Outcome.PASS, {"block": evidence.block, **facts, **_place(evidence, record)})
    return unknown(why_not_final(finality), evidence, **facts)


def _place(evidence: Evidence, record: Record) -> dict[str, Any]:
    if record.batch is None:
        return {}
    root, size, manifest_digest = record.batch
    account = evidence.account
    return {
        "root": root.hex(),
        "size": size,
        "manifest_digest": manifest_digest.hex(),
        "leaf": record.index,
        "transaction": f"0x{record.transaction.hex()}" if record.transaction else None,
        "anchored_by": account.authority if isinstance(account, AccountFacts) else None,
    }
