"""A decision as JSON: the verdicts, what stands between the documents, and why this depth is recommended."""

import hashlib
from collections.abc import Mapping
from typing import Any

from api.moment import show
from api.verdict_json import verdict_json
from verifier.consignment.credit import Credit
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.judging import Consignment, JudgedPaper
from verifier.consignment.nature import SENTENCES as NATURES
from verifier.decision.condition import Condition
from verifier.decision.decision import Decision
from verifier.decision.fact import fact_json
from verifier.decision.inspection import SENTENCES as INSPECTIONS
from verifier.decision.policy import DecisionPolicy, Rule
from verifier.decision.recommendation import Recommendation, Tried
from verifier.operator_answer import operator_sentence
from verifier.recognition_answer import RecognitionAnswer
from verifier.recognition_sentence import role_names
from verifier.report import finding_json

_STATES = {True: "holds", False: "does-not-hold", None: "undecided"}


def decision_json(decision: Decision) -> dict[str, Any]:
    """Return everything but the sample, which depends on who asks."""
    consignment = decision.consignment
    question = consignment.question
    return {
        "consignment": _name(consignment),
        "asked": {
            "at": show(question.at),
            "known_at": show(question.known_at),
            "relying_country": question.relying_country,
        },
        "documents": [_document(one) for one in consignment.papers],
        "findings": [_cross_finding(finding) for finding in consignment.findings],
        "operators": [_credit(one) for one in decision.operators],
        "facts": {name: fact_json(fact) for name, fact in decision.facts.items()},
        "recommendation": _recommendation(decision.recommendation),
        "policy": policy_json(decision.policy),
    }


def policy_json(policy: DecisionPolicy) -> dict[str, Any]:
    """Return what the policy calls itself, and the hash that says which file it was."""
    return {"name": policy.name, "version": policy.version, "sha256": policy.sha256.hex()}


def _name(consignment: Consignment) -> str:
    """Return SHA-256 over the documents' hashes in ascending order: the same for every order of presentation."""
    return hashlib.sha256(b"".join(sorted(_hash(one) for one in consignment.papers))).hexdigest()


def _hash(one: JudgedPaper) -> bytes:
    if one.statement is not None:
        return one.statement.sha256
    return (one.verdict.digest if one.verdict else None) or bytes(32)


def _document(one: JudgedPaper) -> dict[str, Any]:
    paper = one.paper
    chinese, english = NATURES[paper.nature]
    return {
        "document": paper.number,
        "kind": paper.kind or None,
        "nature": paper.nature.value,
        "text": {"zh": chinese, "en": english},
        "sha256": one.statement.sha256.hex() if one.statement else None,
        "verdict": verdict_json(one.verdict) if one.verdict else None,
    }


def _cross_finding(finding: CrossFinding) -> dict[str, Any]:
    places = [
        {"document": place.document, "pointer": place.pointer, "nature": place.nature.value}
        for place in finding.between
    ]
    return finding_json(finding) | {"between": places}


def _credit(one: Credit) -> dict[str, Any]:
    benefit = one.benefit
    return {
        "document": one.document,
        "authority": one.authority,
        "code": one.operator,
        "expected": one.expected,
        "party": one.party,
        "operator": None
        if benefit is None
        else {
            "authorised": benefit.operator.authorised,
            "reason": benefit.operator.reason.value,
            "sentence": operator_sentence(benefit.operator),
            "since": show(benefit.operator.since),
            "tier": benefit.operator.tier,
            "roles": role_names(benefit.operator.roles),
        },
        "recognition": _recognition(benefit.recognition) if benefit and benefit.recognition else None,
    }


def _recognition(answer: RecognitionAnswer) -> dict[str, Any]:
    return {
        "recognised": answer.in_effect,
        "reason": answer.reason.value,
        "arrangements": list(answer.arrangements),
        "by": list(answer.by),
        "roles": role_names(answer.roles),
    }


def _recommendation(found: Recommendation) -> dict[str, Any]:
    chinese, english = INSPECTIONS[found.inspection]
    return {
        "inspection": found.inspection.value,
        "text": {"zh": chinese, "en": english},
        "decided_by": _why(found.decided_by),
        "raised_by": _why(found.raised_by) if found.raised_by else None,
        "rules": [_tried(one) for one in found.tried],
    }


def _why(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.name, "why": dict(rule.why)}


def _tried(tried: Tried) -> dict[str, Any]:
    conditions = zip(tried.rule.conditions, tried.held, strict=True)
    return {
        "rule": tried.rule.name,
        "inspection": tried.rule.inspection.value,
        "state": _STATES[tried.holds],
        "why": dict(tried.rule.why),
        "conditions": [_condition(one, held) for one, held in conditions],
    }


def _condition(condition: Condition, held: bool | None) -> dict[str, Any]:
    sentence: Mapping[str, str] = condition.sentence()
    return {"fact": condition.fact, "state": _STATES[held], "text": dict(sentence)}
