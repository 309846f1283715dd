"""What became of the document by the time asked about: revoked, suspended, reinstated, superseded."""

from collections.abc import Sequence
from typing import Any

from ledger.dated_list import Entries, Entry
from ledger.document_status import Status
from verifier.checks.concern import entry_facts
from verifier.evidence import Evidence
from verifier.facts import StatusFacts
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked

_KNOWN = frozenset(Status)


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the dated list: revoked and superseded last, a suspension lasts until reinstated."""
    status = evidence.status
    if evidence.issuer_id is None:
        return [Finding("status.issuer-unknown", Outcome.UNKNOWN)]
    if isinstance(status, Missing):
        return [Finding("status.unreadable", Outcome.UNKNOWN, {"block": evidence.block, "reason": status.reason})]
    return _judge(evidence, status, _in_effect(status.entries, asked))


def _in_effect(entries: Entries, asked: Asked) -> list[Entry]:
    known_at = asked.known_at
    return [one for one in entries if one.covers(asked.at) and (known_at is None or one.recorded_at <= known_at)]


def _judge(evidence: Evidence, status: StatusFacts, entries: Sequence[Entry]) -> list[Finding]:
    facts: dict[str, Any] = {"block": evidence.block}
    newest = {entry.code: entry_facts(entry) for entry in entries}
    if not newest:
        return [Finding("status.none", Outcome.PASS, facts)]
    findings = [] if newest.keys() <= _KNOWN else [Finding("status.unreadable", Outcome.UNKNOWN, facts)]
    if Status.REVOKED in newest:
        findings.append(Finding("status.revoked", Outcome.FAIL, facts | newest[Status.REVOKED]))
    if Status.SUPERSEDED in newest:
        successor = {"successor": status.successor.hex() if status.successor else None}
        findings.append(Finding("status.superseded", Outcome.FAIL, facts | newest[Status.SUPERSEDED] | successor))
    return findings + _judge_suspension(entries, facts)


def _judge_suspension(entries: Sequence[Entry], facts: dict[str, Any]) -> list[Finding]:
    changes = [entry for entry in entries if entry.code in (Status.SUSPENDED, Status.REINSTATED)]
    if not changes:
        return []
    last = changes[-1]
    if last.code == Status.SUSPENDED:
        return [Finding("status.suspended", Outcome.FAIL, facts | entry_facts(last))]
    return [Finding("status.reinstated", Outcome.PASS, facts | entry_facts(last))]
