"""Does the relying country recognise it? Asked only when a country is given.

For a credential, which states how somebody stands, the time asked about counts; for certificates and bills, which
state what was done, the anchor's. The country that is recognised is the one of the authority at the top of the chain
of accreditations, whatever the document says. A no is held against nobody by a node that may lag behind.
"""

from typing import Any

from ledger.dated_list import at
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.operator import roles_of
from ledger.trade_role import ANY_ROLE, TradeRole
from verifier.checks.concern import entry_facts
from verifier.checks.freshness import is_fresh
from verifier.evidence import Evidence
from verifier.facts import AuthorityFacts, OperatorLists
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.programme import PROGRAMMES
from verifier.question import Asked
from verifier.recognition_answer import DirectionFacts, Reason, RecognitionAnswer, recognition_answer
from verifier.recognition_sentence import role_names
from verifier.stated_roles import roles_at_gate, stated_roles

_CODES = {
    Reason.IN_EFFECT: "recognition.in-effect",
    Reason.NONE: "recognition.not-agreed",
    Reason.SIGNED: "recognition.signed-not-in-effect",
    Reason.LATER: "recognition.not-yet",
    Reason.SAME: "recognition.domestic",
    Reason.SUSPENDED: "recognition.suspended",
    Reason.ENDED: "recognition.ended",
    Reason.LEFT: "recognition.left",
    Reason.ROLE_NOT_COVERED: "recognition.role-not-covered",
    Reason.ROLE_NOT_STATED: "recognition.role-not-covered",
}
_PASSES = frozenset({Reason.IN_EFFECT, Reason.SAME})


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge one direction: the relying country's recognition of the country that it was issued under."""
    if asked.relying_country is None:
        return [Finding("recognition.not-asked", Outcome.SKIPPED)]
    facts = {"block": evidence.block, "relying_country": asked.relying_country}
    authority, programme = evidence.authority, PROGRAMMES.get(evidence.kind or "")
    if programme is None:
        return [Finding("recognition.not-checked", Outcome.UNKNOWN, facts | {"kind": evidence.kind})]
    if not isinstance(authority, AuthorityFacts):
        reason = authority.reason if isinstance(authority, Missing) else "issuer.authority-unknown"
        return [Finding("recognition.unreadable", Outcome.UNKNOWN, facts | {"reason": reason})]
    facts |= {"issuing_country": authority.country, "programme": programme}
    if authority.country == asked.relying_country:
        return [Finding("recognition.domestic", Outcome.PASS, facts)]
    return [_judge(evidence, asked, facts)]


def _judge(evidence: Evidence, asked: Asked, facts: dict[str, Any]) -> Finding:
    time = asked.at if evidence.kind == AEO_CREDENTIAL.name else _anchored_at(evidence, asked)
    if time is None:
        return Finding("recognition.not-anchored", Outcome.UNKNOWN, facts)
    held = evidence.recognition
    if isinstance(held, Missing):
        return Finding("recognition.unreadable", Outcome.UNKNOWN, facts | {"reason": held.reason})
    return _answer(evidence, asked, held, facts | {"at": time})


def _anchored_at(evidence: Evidence, asked: Asked) -> int | None:
    # Until the anchor is final it may come to stand in another block, at another time.
    return evidence.anchored_at(asked.until) if evidence.final else None


def _answer(evidence: Evidence, asked: Asked, held: DirectionFacts, facts: dict[str, Any]) -> Finding:
    answer = recognition_answer(held, facts["at"], asked.known_at)
    if answer.in_effect and answer.roles != ANY_ROLE and evidence.kind == AEO_CREDENTIAL.name:
        roles = _roles(evidence, asked)
        if roles is None:
            return Finding("recognition.role-unknown", Outcome.UNKNOWN, facts | _evidence(answer))
        answer, facts = answer.for_roles(roles), facts | {"operator_roles": role_names(roles)}
    facts |= _evidence(answer)
    if answer.reason in _PASSES:
        return Finding(_CODES[answer.reason], Outcome.PASS, facts)
    if not is_fresh(evidence, asked):
        return Finding("recognition.unreadable", Outcome.UNKNOWN, facts | {"reason": "freshness.stale"})
    return Finding(_CODES[answer.reason], Outcome.FAIL, facts)


def _roles(evidence: Evidence, asked: Asked) -> TradeRole | None:
    """Return the operator's roles: as customs entered them, or else as the credential states them."""
    operator = evidence.operator
    if isinstance(operator, OperatorLists):
        entry = at(operator.entries, asked.at, asked.known_at)
        if entry and roles_of(entry) != ANY_ROLE:
            return roles_of(entry)
    if evidence.gate:
        return roles_at_gate(evidence.gate_fields) if evidence.reading and evidence.reading.believed else None
    document = evidence.reading.document if evidence.reading else None
    return stated_roles(document) if document is not None else None


def _evidence(answer: RecognitionAnswer) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "answer": answer.reason.value,
        "arrangements": list(answer.arrangements),
        "by": list(answer.by),
        "roles": role_names(answer.roles),
    }
    decided = entry_facts(answer.entry)
    if answer.reason is not Reason.SUSPENDED:
        # Only a suspension has a reason there; elsewhere it stands for the roles.
        decided.pop("reason", None)
    return facts | decided
