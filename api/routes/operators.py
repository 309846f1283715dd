"""`GET /v1/operators`: is an operator authorised by its customs, and what may it expect elsewhere."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api import proved_facts
from api.as_of import as_of
from api.operator_lookup import Asked, Found, answer_json, look_up, operator_json
from api.proofs import proofs_json
from api.recognition_json import benefits_json, direction_json
from api.routes import openapi
from api.routes.parameters import At, Code, Id, KnownAt, Proofs, TheAnswers, TheFacts, TheNode
from api.shared_facts import SharedFacts
from ledger.identifier import to_bytes32
from ledger.recognition import Direction
from ledger.registry_slots import Fact
from verifier.benefit import BenefitAnswer, benefit_answer
from verifier.operator_answer import operator_sentence
from verifier.recognition_answer import DirectionFacts

router = APIRouter(prefix="/v1/operators", tags=["registries"])
PROGRAMME = "aeo"
Counterpart = Annotated[
    str | None,
    Query(
        description="Whose code it is, `cn.customs` or `asean`; without it the code is that of the operator's customs.",
        json_schema_extra=openapi.ID,
        max_length=32,
    ),
]
Relying = Annotated[
    str, Query(description="The country in which it trades: ISO 3166.", json_schema_extra=openapi.COUNTRY)
]


# Before the next one: a code may hold a slash.
@router.get("/{authority}/{code:path}/benefits", summary="What an operator may expect", responses=openapi.SIGNED)
def benefits(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    authority: Id,
    code: Code,
    relying_country: Relying,
    counterpart: Counterpart = None,
    at: At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
) -> Response:
    """Tell what this operator may expect in another country and why, or which condition is not met."""
    to_bytes32(authority)  # an id, or Invalid
    Direction(PROGRAMME, relying_country, relying_country).fields()  # a country, or Invalid
    moment = as_of(node.chain, at, known_at)
    shared = SharedFacts(node, facts, moment)
    found = look_up(shared, Asked(authority, code, counterpart), moment)
    country = found.held.country if found.held else None
    direction = Direction(PROGRAMME, relying_country, country) if country else None
    held, recognition = shared.recognition(direction, moment) if direction else (None, None)
    benefit = benefit_answer(found.answer(moment), recognition)

    def answer() -> dict[str, Any]:
        return {"relying_country": relying_country, **_benefit_json(found, held, benefit)}

    if not proofs:
        return answers.give(("benefits", authority, code, counterpart, relying_country), moment, answer)
    proved = list(found.proved)
    if held is not None and benefit.recognition is not None:
        proved += proved_facts.of_recognition(held, benefit.recognition, shared.arrangements_of(PROGRAMME))
    return answers.give_unkept(moment, answer() | {"proofs": proofs_json(node, moment.block, proved)})


@router.get("/{authority}/{code:path}", summary="One operator", responses=openapi.SIGNED)
def operator(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    authority: Id,
    code: Code,
    counterpart: Counterpart = None,
    at: At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
) -> Response:
    """Tell whether the customs has authorised this operator, with its history and aliases.

    That an operator is not known is an answer, signed and on request proved like any other.
    """
    to_bytes32(authority)  # an id, or Invalid
    moment = as_of(node.chain, at, known_at)
    shared = SharedFacts(node, facts, moment)
    found = look_up(shared, Asked(authority, code, counterpart), moment)
    if not proofs:
        place = ("operator", authority, code, counterpart)
        return answers.give(place, moment, lambda: operator_json(shared, found, moment))
    proved: list[Fact] = list(found.proved)
    answer = operator_json(shared, found, moment)
    return answers.give_unkept(moment, answer | {"proofs": proofs_json(node, moment.block, proved)})


def _benefit_json(found: Found, held: DirectionFacts | None, benefit: BenefitAnswer) -> dict[str, Any]:
    operator, recognition = benefit.operator, benefit.recognition
    terms = recognition.agreement.terms if recognition and recognition.agreement else None
    return {
        "authority": found.asked.authority,
        "code": found.code,
        "asked": {"code": found.asked.code, "counterpart": found.asked.counterpart},
        "country": found.held.country if found.held else None,
        "expected": benefit.expected,
        "failing": benefit.failing,
        "benefits": benefits_json(terms) if terms and benefit.expected else None,
        "operator": {
            "authorised": operator.authorised,
            "reason": operator.reason.value,
            "sentence": operator_sentence(operator),
            **answer_json(operator),
        },
        "recognition": direction_json(held, recognition) if held and recognition else None,
    }
