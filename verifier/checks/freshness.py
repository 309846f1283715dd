"""Is the block that the facts were read at new enough to say what can be used?"""

from ledger.block import Block
from verifier.evidence import Evidence
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked

HEAD_SECONDS = 15
"""So many seconds after its time a block still counts as the newest one of a chain that other nodes may be ahead on."""

CLOCK_SLACK = 300
"""Seconds that a device's clock may be behind a time that it has seen."""


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Compare the block's time with the clock, and with the time asked about."""
    head = evidence.head
    if isinstance(head, Missing):
        return [Finding("freshness.unreadable", Outcome.UNKNOWN, {"reason": head.reason})]
    facts = {"block": head.number, "block_time": head.timestamp, "clock": evidence.clock, "limit": asked.freshness}
    if _is_clock_behind(evidence, asked):
        return [Finding("freshness.clock-behind", Outcome.UNKNOWN, facts | {"behind": evidence.behind})]
    if not is_fresh(evidence, asked):
        return [Finding("freshness.stale", Outcome.UNKNOWN, facts)]
    if asked.at - head.timestamp > asked.freshness:
        return [Finding("freshness.future", Outcome.UNKNOWN, facts | {"at": asked.at})]
    good = Finding("freshness.good", Outcome.PASS, facts)
    if asked.ageing is not None and evidence.clock - head.timestamp > asked.ageing:
        return [good, Finding("freshness.ageing", Outcome.WARN, facts | {"warn": asked.ageing})]
    return [good]


def is_fresh(evidence: Evidence, asked: Asked) -> bool:
    """Tell whether the newest block is not older, by the clock, than is allowed."""
    if not isinstance(evidence.head, Block) or _is_clock_behind(evidence, asked):
        return False
    return evidence.clock - evidence.head.timestamp <= asked.freshness


def is_at_head(evidence: Evidence) -> bool:
    """Tell whether nothing can have been entered in a block that is not seen here, but for HEAD_SECONDS (ADR 99).

    How old a block is, a clock that is behind the block cannot tell.
    """
    if not isinstance(evidence.head, Block):
        return False
    age = evidence.clock - evidence.head.timestamp
    return evidence.only_node or max(age, evidence.behind) <= HEAD_SECONDS


def _is_clock_behind(evidence: Evidence, asked: Asked) -> bool:
    # Who asks a node asks for the chain's time, too; who carries facts along has only the clock to tell their age.
    return asked.carried and evidence.behind > CLOCK_SLACK
