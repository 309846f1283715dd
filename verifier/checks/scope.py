"""Does the document lie within the scope that each link of the chain of accreditations is limited to?"""

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.dated_list import at, code_at
from ledger.issuer_state import Limit
from ledger.scope import Statement
from verifier.checks.concern import Concern, entry_facts
from verifier.evidence import Evidence
from verifier.facts import Link
from verifier.missing import Missing

_KNOWN = sum(Limit)
NEVER_FAILS = frozenset({"issuer.scope-withheld", "issuer.scope-not-presented"})
"""What is not shown says nothing about what is there."""


def scope_concerns(evidence: Evidence, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks at `time` against the document, as one within the scope of issuer and bodies."""
    return [one for link in evidence.links for one in _of_link(evidence, link, time, known_at)]


def _of_link(evidence: Evidence, link: Link, time: int, known_at: int | None) -> Iterable[Concern]:
    entry = at(link.accreditation, time, known_at)
    limits = entry.detail if entry and entry.code == 1 else 0
    if limits & ~_KNOWN:
        yield Concern("issuer.unreadable", {"link": link.id, "at": time, **entry_facts(entry)})
    if not limits & _KNOWN:
        return
    stated = evidence.stated_scope
    for limit in Limit(limits & _KNOWN):
        facts = {"link": link.id, "at": time, "limit": limit.name.lower().replace("_", "-") if limit.name else None}
        if stated is None:
            yield Concern("issuer.scope-not-presented", facts)
        else:
            yield from _judge(evidence, link, stated[limit], facts, known_at)


def _judge(
    evidence: Evidence, link: Link, stated: Statement, facts: Mapping[str, Any], known_at: int | None
) -> Iterable[Concern]:
    facts = {**facts, "member": stated.pointer}
    if stated.unsaid:
        yield from _judge_within(evidence, link, stated, facts, known_at)
        return
    if stated.withheld:
        yield Concern("issuer.scope-withheld", facts)
    elif not stated.complete:
        yield Concern("issuer.scope-not-stated", facts)
    for code in stated.codes:
        yield from _judge_code(evidence, (link.id, code), facts, known_at)


def _judge_within(
    evidence: Evidence, link: Link, stated: Statement, facts: Mapping[str, Any], known_at: int | None
) -> Iterable[Concern]:
    """Where all codes that a gate statement names are in scope, so is the document; else only the document tells."""
    if not stated.within:
        yield Concern("issuer.scope-not-presented", facts)
    for code in stated.within:
        for concern in _judge_code(evidence, (link.id, code), facts, known_at):
            is_outside = concern.code == "issuer.out-of-scope"
            yield Concern("issuer.scope-not-presented", concern.facts) if is_outside else concern


def _judge_code(
    evidence: Evidence, place: tuple[str, str], facts: Mapping[str, Any], known_at: int | None
) -> Iterable[Concern]:
    scopes = evidence.scopes
    if isinstance(scopes, Missing) or place not in scopes:
        yield Concern("issuer.unreadable", {**facts, "code": place[1]})
        return
    entries, time = scopes[place], facts["at"]
    if code_at(entries, time, known_at) != 1:
        yield Concern("issuer.out-of-scope", {**facts, "code": place[1], **entry_facts(at(entries, time, known_at))})
