"""Did the key and the issuer count in the anchor's block? Time is that block's, not the stated date."""

from typing import Any

from verifier.checks.accreditation import authority_concerns, body_concerns, issuer_concerns, kind_concerns
from verifier.checks.concern import Concern
from verifier.checks.identity import identity_findings
from verifier.checks.issuer_key import compromised_since, key_concerns
from verifier.checks.scope import NEVER_FAILS, scope_concerns
from verifier.evidence import Evidence
from verifier.facts import AuthorityFacts, IssuerFacts, KeyFacts
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge key, issuer, accreditation and authority, each on its own facts."""
    if evidence.subject.rejection:
        return [Finding("issuer.not-stated", Outcome.UNKNOWN)]
    findings = identity_findings(evidence, asked)
    time = evidence.anchored_at(asked.until)
    if time is None:
        return [*findings, _not_anchored(evidence, asked)]
    return [*findings, *_judge_key(evidence, asked, time), *_judge_issuer(evidence, asked, time)]


def _not_anchored(evidence: Evidence, asked: Asked) -> Finding:
    concerns = [*_key(evidence, asked.at, asked.known_at), *_issuer(evidence, asked.at, asked.known_at)]
    facts = {"block": evidence.block, "if_anchored_now": [concern.code for concern in concerns]}
    return Finding("issuer.not-anchored", Outcome.UNKNOWN, facts)


def _judge_key(evidence: Evidence, asked: Asked, time: int) -> list[Finding]:
    key = evidence.key
    if not (isinstance(key, KeyFacts) and key.public_key):
        return []
    if concerns := _key(evidence, time, asked.known_at):
        return [_counted(evidence, concern) for concern in concerns]
    facts: dict[str, Any] = {"block": evidence.block, "at": time, "kid": key.public_key.kid, "issuer": key.issuer}
    return [Finding("issuer.key-good", Outcome.PASS, facts), *_compromised_later(key, facts, asked)]


def _compromised_later(key: KeyFacts, facts: dict[str, Any], asked: Asked) -> list[Finding]:
    since = compromised_since(key.compromises, asked.known_at)
    if since is None:
        return []
    return [Finding("issuer.key-compromised-later", Outcome.WARN, facts | {"compromised_since": since})]


def _judge_issuer(evidence: Evidence, asked: Asked, time: int) -> list[Finding]:
    issuer, authority = evidence.issuer, evidence.authority
    if concerns := _issuer(evidence, time, asked.known_at):
        return [_counted(evidence, concern) for concern in concerns]
    if not isinstance(issuer, IssuerFacts) or not isinstance(authority, AuthorityFacts):
        return []
    chain = [*(link.id for link in evidence.links), evidence.authority_id, authority.country]
    facts = {"block": evidence.block, "at": time, "kind": evidence.kind, "chain": chain}
    return [Finding("issuer.accredited", Outcome.PASS, facts)]


def _key(evidence: Evidence, time: int, known_at: int | None) -> list[Concern]:
    return key_concerns(evidence.key, time, known_at) if isinstance(evidence.key, KeyFacts) else []


def _issuer(evidence: Evidence, time: int, known_at: int | None) -> list[Concern]:
    name, kind = evidence.issuer_id or "", evidence.kind
    concerns: list[Concern] = []
    if isinstance(evidence.issuer, IssuerFacts):
        concerns += issuer_concerns(name, evidence.issuer, time, known_at)
    if not isinstance(evidence.accreditation, Missing) and kind:
        concerns += kind_concerns(name, evidence.accreditation, kind, time, known_at)
    if not isinstance(evidence.bodies, Missing):
        concerns += [one for body in evidence.bodies for one in body_concerns(body, kind, time, known_at)]
    if isinstance(evidence.authority, AuthorityFacts):
        concerns += authority_concerns(evidence.authority_id or "", evidence.authority, time, known_at)
    return concerns + scope_concerns(evidence, time, known_at)


def _counted(evidence: Evidence, concern: Concern) -> Finding:
    # Until the anchor is final it may come to stand in another block, at another time.
    counts = evidence.final and concern.code not in {"issuer.unreadable", *NEVER_FAILS}
    facts = {"block": evidence.block, **concern.facts}
    return Finding(concern.code, Outcome.FAIL if counts else Outcome.UNKNOWN, facts)
