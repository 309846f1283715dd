"""What customs says in the registry, at the time asked about, of the operator that an AEO credential is about.

Asked is the customs authority at the top of the issuer's chain, under the operator's code in the credential. The
credential is authentic whatever the answer: this is about its use.
"""

from typing import Any

from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.operator import operator_id
from verifier.checks.concern import entry_facts
from verifier.evidence import Evidence
from verifier.facts import AuthorityFacts, OperatorLists
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.operator_answer import OperatorAnswer, OperatorFacts, OperatorReason, operator_answer
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.recognition_sentence import role_names

_CODES = {
    OperatorReason.LATER: "operator.not-yet",
    OperatorReason.SUSPENDED: "operator.suspended",
    OperatorReason.ENDED: "operator.term-over",
    OperatorReason.LEFT: "operator.authority-left",
}
_ENDED, _AUTHORIZED = 0, 1


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the operator's entries, suspensions and customs; who is not entered only gets a warning."""
    if evidence.kind != AEO_CREDENTIAL.name:
        return [Finding("operator.not-applicable", Outcome.SKIPPED)]
    code = evidence.operator_code
    if evidence.reading is None or not evidence.reading.believed or code is None:
        return [Finding("operator.not-presented", Outcome.UNKNOWN, {"block": evidence.block})]
    facts = {"block": evidence.block, "authority": evidence.authority_id, "operator": code, "at": asked.at}
    lists = evidence.operator
    if isinstance(lists, Missing):
        return [Finding("operator.unreadable", Outcome.UNKNOWN, facts | {"reason": lists.reason})]
    if lists is None:
        return [Finding("operator.not-registered", Outcome.WARN, facts)]
    answer = operator_answer(held_of(evidence, code, lists), asked.at, asked.known_at)
    return [_finding(answer, facts)]


def held_of(evidence: Evidence, code: str, lists: OperatorLists) -> OperatorFacts:
    """Return what the registries hold of the operator that a credential is about."""
    authority = evidence.authority if isinstance(evidence.authority, AuthorityFacts) else None
    return OperatorFacts(
        authority=evidence.authority_id or "",
        operator=operator_id(code),
        country=authority.country if authority else None,
        entries=lists.entries,
        suspensions=lists.suspensions,
        office=authority.entries if authority else (),
        membership=authority.member_entries if authority else (),
    )


def _finding(answer: OperatorAnswer, facts: dict[str, Any]) -> Finding:
    decided, entry = entry_facts(answer.entry), answer.entry
    if answer.reason is not OperatorReason.SUSPENDED:
        # Only a suspension has a reason there; elsewhere it stands for tier and roles.
        decided.pop("reason", None)
    facts |= decided
    if entry is None:
        return Finding("operator.not-registered", Outcome.WARN, facts)
    if entry.code not in (_ENDED, _AUTHORIZED):
        return Finding("operator.unreadable", Outcome.UNKNOWN, facts)
    if answer.authorised:
        facts |= {"tier": answer.tier, "roles": role_names(answer.roles)}
        return Finding("operator.authorized", Outcome.PASS, facts)
    withdrawn = answer.reason is OperatorReason.ENDED and entry.code == _ENDED
    return Finding("operator.withdrawn" if withdrawn else _CODES[answer.reason], Outcome.FAIL, facts)
