"""What customs says in the registry, at the time asked about, of the operator that an AEO credential is about.

Asked is the customs authority at the top of the issuer's chain, under the operator's code in the credential. The
credential is authentic whatever the answer: this is about its use.
"""

from typing import Any

from ledger.dated_list import at
from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.operator import roles_of, tier_of
from verifier.checks.concern import entry_facts
from verifier.evidence import Evidence
from verifier.facts import AuthorityFacts, OperatorFacts
from verifier.finding import Finding
from verifier.missing import Missing
from verifier.outcome import Outcome
from verifier.question import Asked
from verifier.recognition_answer import has_ended

_AUTHORIZED = 1


def check(evidence: Evidence, asked: Asked) -> list[Finding]:
    """Judge the operator's entries, suspensions and customs; who is not entered only gets a warning."""
    if evidence.kind != AEO_CREDENTIAL.name:
        return [Finding("operator.not-applicable", Outcome.SKIPPED)]
    facts = {"block": evidence.block, "authority": evidence.authority_id, "operator": evidence.operator_code}
    if evidence.reading is None or evidence.reading.document is None or evidence.operator_code is None:
        return [Finding("operator.not-presented", Outcome.UNKNOWN, {"block": evidence.block})]
    operator = evidence.operator
    if isinstance(operator, Missing):
        return [Finding("operator.unreadable", Outcome.UNKNOWN, facts | {"reason": operator.reason})]
    known = _known(operator, asked.known_at)
    if known is None:
        return [Finding("operator.not-registered", Outcome.WARN, facts)]
    return [_judge(evidence, known, asked, facts | {"at": asked.at})]


def _known(operator: OperatorFacts | None, known_at: int | None) -> OperatorFacts | None:
    """Return what was known then; None if nothing was."""
    if operator is None:
        return None
    entries, suspensions = (
        tuple(one for one in found if known_at is None or one.recorded_at <= known_at)
        for found in (operator.entries, operator.suspensions)
    )
    return OperatorFacts(entries, suspensions) if entries else None


def _judge(evidence: Evidence, operator: OperatorFacts, asked: Asked, facts: dict[str, Any]) -> Finding:
    entry = at(operator.entries, asked.at)
    if entry is None:
        return _without_term(operator, asked, facts)
    facts |= _dates(entry_facts(entry))
    if entry.code == 0:
        return Finding("operator.withdrawn", Outcome.FAIL, facts)
    if entry.code != _AUTHORIZED:
        return Finding("operator.unreadable", Outcome.UNKNOWN, facts)
    if _customs_left(evidence.authority, asked):
        return Finding("operator.authority-left", Outcome.FAIL, facts)
    suspension = at(operator.suspensions, asked.at)
    if suspension and suspension.code:
        return Finding("operator.suspended", Outcome.FAIL, facts | entry_facts(suspension))
    roles = [(role.name or "").lower().replace("_", "-") for role in roles_of(entry)]
    return Finding("operator.authorized", Outcome.PASS, facts | {"tier": tier_of(entry), "roles": roles})


def _without_term(operator: OperatorFacts, asked: Asked, facts: dict[str, Any]) -> Finding:
    begun = [one for one in operator.entries if one.effective_from <= asked.at]
    if begun:
        return Finding("operator.term-over", Outcome.FAIL, facts | _dates(entry_facts(begun[-1])))
    return Finding("operator.not-yet", Outcome.FAIL, facts | _dates(entry_facts(operator.entries[-1])))


def _customs_left(authority: AuthorityFacts | Missing | None, asked: Asked) -> bool:
    if not isinstance(authority, AuthorityFacts):
        return False
    lists = (authority.entries, authority.member_entries)
    return any(has_ended(entries, asked.at, asked.known_at) for entries in lists)


def _dates(facts: dict[str, Any]) -> dict[str, Any]:
    """Drop the detail, which is no reason here: it stands for tier and roles."""
    return {name: value for name, value in facts.items() if name != "reason"}
