"""`GET /v1/arrangements`: what countries have signed, and what became of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.as_of import AsOf, as_of
from api.entries import entries_json
from api.proofs import proofs_json
from api.proved_arrangement import of_arrangement
from api.recognition_json import brief_json
from api.routes import openapi
from api.routes.parameters import At, Id, KnownAt, Proofs, TheAnswers, TheFacts, TheNode
from api.shared_facts import SharedFacts
from ledger.dated_list import Entries, code_at
from ledger.errors import Refused
from ledger.identifier import to_bytes32
from ledger.recognition import Arrangement, PartyState
from ledger.registry_slots import arrangement as arrangement_facts
from verifier.recognition_answer import DirectionFacts, recognition_answer

router = APIRouter(prefix="/v1/arrangements", tags=["registries"])
Wanted = Annotated[
    str | None, Query(description="Only those of this programme.", json_schema_extra=openapi.ID, max_length=32)
]


@router.get("", summary="All arrangements", responses=openapi.SIGNED)
def arrangements(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    programme: Wanted = None,
    at: At = None,
    known_at: KnownAt = None,
) -> Response:
    """List every arrangement that was ever proposed, with what each country is in it at the time asked for."""
    moment = as_of(node.chain, at, known_at)
    if programme is not None:
        to_bytes32(programme)  # an id, or Invalid

    def answer() -> dict[str, Any]:
        shared = SharedFacts(node, facts, moment)
        found = [one for one in shared.arrangements() if programme in (None, one.programme)]
        return {"arrangements": [_summary(shared, one, moment) for one in found]}

    return answers.give(("arrangements", programme), moment, answer)


@router.get("/{arrangement}", summary="One arrangement", responses=openapi.SIGNED)
def arrangement(
    node: TheNode,
    facts: TheFacts,
    answers: TheAnswers,
    arrangement: Id,
    at: At = None,
    known_at: KnownAt = None,
    proofs: Proofs = False,
) -> Response:
    """Show one arrangement: its parties and the directions agreed under it, each with its history.

    One that was never proposed is 404; with proofs it is an answer, proved like any other.
    """
    to_bytes32(arrangement)  # an id, or Invalid
    moment = as_of(node.chain, at, known_at)
    shared = SharedFacts(node, facts, moment)
    one = next((one for one in shared.arrangements() if one.id == arrangement), None)
    if one is None and proofs:
        proved = arrangement_facts(arrangement)
        found = {"arrangement": arrangement, "state": "unknown"}
        return answers.give_unkept(moment, found | {"proofs": proofs_json(node, moment.block, proved)})
    if one is None:
        detail = f"no arrangement {arrangement} in the registry"
        raise Refused("arrangement.unknown", detail, mend="list them at /v1/arrangements")

    def answer() -> dict[str, Any]:
        parties = shared.parties(one.programme).get(arrangement, {})
        return _summary(shared, one, moment) | {
            "history": {country: entries_json(entries) for country, entries in parties.items()},
            "directions": [_direction(found, moment) for found in _directions(shared, one)],
        }

    if not proofs:
        return answers.give(("arrangement", arrangement), moment, answer)
    directions, parties = _directions(shared, one), shared.parties(one.programme).get(arrangement, {})
    members = {side: entries for found in directions for side, entries in found.members.items()}
    proved = of_arrangement(one, dict(parties), members, directions)
    return answers.give_unkept(moment, answer() | {"proofs": proofs_json(node, moment.block, proved)})


def _summary(shared: SharedFacts, one: Arrangement, moment: AsOf) -> dict[str, Any]:
    parties = shared.parties(one.programme).get(one.id, {})
    return {
        "arrangement": one.id,
        "programme": one.programme,
        "text_sha256": one.text.hex() if one.text else None,
        "parties": [{"country": country, "state": _state(entries, moment)} for country, entries in parties.items()],
    }


def _state(entries: Entries, moment: AsOf) -> str:
    code = code_at(entries, moment.time, moment.known_at)
    began = any(one.effective_from <= moment.time and one.recorded_at <= moment.known_at for one in entries)
    return PartyState(code).name.lower() if code or began else "not-yet"


def _directions(shared: SharedFacts, one: Arrangement) -> list[DirectionFacts]:
    return [held for held in shared.matrix(one.programme).values() if _is_under(held, one.id)]


def _is_under(held: DirectionFacts, arrangement: str) -> bool:
    return any(one.terms and one.terms.arrangement == arrangement for one in held.agreements)


def _direction(held: DirectionFacts, moment: AsOf) -> dict[str, Any]:
    answer = recognition_answer(held, moment.time, moment.known_at)
    return brief_json(held.direction, answer) | {
        "entries": entries_json([agreement.entry for agreement in held.agreements]),
        "offers": ["0x" + one.offer.hex() if one.offer else None for one in held.agreements],
        "suspensions": {side: entries_json(entries) for side, entries in held.suspensions.items()},
    }
