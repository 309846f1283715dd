"""Is the block that the facts were read at new enough to say what can be used?"""

from ledger.block import Block
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Compare the block's time with the clock, and with the time asked about."""
    head = evidence.head
    if isinstance(head, Missing):
        return [Finding("freshness.unreadable", Outcome.UNKNOWN, {"reason": head.reason})]
    facts = {"block": head.number, "block_time": head.timestamp, "clock": evidence.clock, "limit": asked.freshness}
    if not is_fresh(evidence, asked):
        return [Finding("freshness.stale", Outcome.UNKNOWN, facts)]
    if asked.at - head.timestamp > asked.freshness:
        return [Finding("freshness.future", Outcome.UNKNOWN, facts | {"at": asked.at})]
    return [Finding("freshness.good", Outcome.PASS, facts)]


def is_fresh(evidence: Evidence, asked: Asked) -> bool:
    """Tell whether the newest block is not older, by the clock, than is allowed."""
    return isinstance(evidence.head, Block) and evidence.clock - evidence.head.timestamp <= asked.freshness
