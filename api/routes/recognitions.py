"""`GET /v1/recognitions`: does one country recognise another, and the matrix of all."""

from typing import Any

from fastapi import APIRouter, Response

from api import proved_facts
from api.as_of import as_of
from api.proofs import proofs_json
from api.recognition_json import brief_json, direction_json
from api.routes import openapi
from api.routes.parameters import At, By, KnownAt, Of, Programme, Proofs, TheAnswers, TheFacts, TheNode
from api.shared_facts import SharedFacts
from ledger.identifier import to_bytes32
from ledger.recognition import Direction
from verifier.recognition_answer import recognition_answer

router = APIRouter(prefix="/v1/recognitions", tags=["registries"])


@router.get("", summary="One direction", responses=openapi.SIGNED)
def recognition(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    by: By,
    of: Of,
    programme: Programme,
    at: At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
) -> Response:
    """Does the country `by` recognise the country `of` for a programme, and if not, why?

    Nothing follows from other directions: not from the reverse, not from a third country, not from a signature alone.
    """
    direction = Direction(programme, by, of)
    direction.fields()  # codes and id, or Invalid
    moment = as_of(node.chain, at, known_at)
    shared = SharedFacts(node, facts, moment)

    def answer() -> dict[str, Any]:
        return direction_json(*shared.recognition(direction, moment))

    if not proofs:
        return answers.give(("recognition", direction), moment, answer)
    held, found = shared.recognition(direction, moment)
    proved = proved_facts.of_recognition(held, found, shared.arrangements_of(programme))
    return answers.give_unkept(moment, answer() | {"proofs": proofs_json(node, moment.block, proved)})


@router.get("/matrix", summary="Every direction", responses=openapi.SIGNED)
def matrix(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    programme: Programme,
    at: At = None,
    known_at: KnownAt = None,
) -> Response:
    """Tell for every pair of countries, in both directions, whether one recognises the other for the programme."""
    moment = as_of(node.chain, at, known_at)

    def answer() -> dict[str, Any]:
        held = SharedFacts(node, facts, moment).matrix(programme)
        return {
            "programme": programme,
            "countries": sorted({direction.recogniser for direction in held}),
            "recognitions": [
                brief_json(direction, recognition_answer(one, moment.time, moment.known_at))
                for direction, one in held.items()
            ],
        }

    to_bytes32(programme)  # an id, or Invalid
    return answers.give(("matrix", programme), moment, answer)
