"""`GET /v1/proposals`: what members vote on, and how the vote stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.as_of import AsOf, as_of
from api.intent_json import call_json
from api.moment import show
from api.node import Node
from api.routes import openapi
from api.routes.parameters import TheAnswers, TheNode
from ledger.authority_registry import NAME
from ledger.call_reading import read_call
from ledger.errors import Invalid, Refused

router = APIRouter(prefix="/v1/proposals", tags=["registries"])
_MOST = 100
Number = Annotated[int, Path(description="The proposal's number, from 0.", ge=0, lt=2**53)]
Before = Annotated[int | None, Query(description="Only those with a lower number.", ge=0, lt=2**53)]


@router.get("", summary="Proposals", responses=openapi.SIGNED)
def proposals(node: TheNode, answers: TheAnswers, before: Before = None) -> Response:
    """List proposals, the newest first, at most a hundred."""
    moment = as_of(node.chain, None)

    def answer() -> dict[str, Any]:
        registry, block = node.authority_registry, moment.block.number
        count = registry.proposal_count(at=block)
        newest = count if before is None else min(before, count)
        listed = range(newest - 1, max(newest - _MOST, 0) - 1, -1)
        return {
            "quorum": registry.quorum(at=block),
            "count": count,
            "proposals": [_proposal(node, number, moment) for number in listed],
        }

    return answers.give(("proposals", before), moment, answer)


@router.get("/{number}", summary="One proposal", responses=openapi.SIGNED)
def proposal(node: TheNode, answers: TheAnswers, number: Number) -> Response:
    """Show one proposal: its calls, who has approved, how many approvals count and how many are needed now."""
    moment = as_of(node.chain, None)
    if number >= node.authority_registry.proposal_count(at=moment.block.number):
        raise Refused("proposal.unknown", f"there is no proposal {number}", mend="list them at /v1/proposals")

    def answer() -> dict[str, Any]:
        quorum = node.authority_registry.quorum(at=moment.block.number)
        return _proposal(node, number, moment) | {"quorum": quorum}

    return answers.give(("proposal", number), moment, answer)


def _proposal(node: Node, number: int, moment: AsOf) -> dict[str, Any]:
    registry, block = node.authority_registry, moment.block.number
    found, dates = registry.proposal(number, at=block), registry.proposal_dates(number, at=block)
    expired = dates.expires_at <= moment.block.timestamp
    return {
        "proposal": number,
        "state": "executed" if found.executed else "expired" if expired else "open",
        "calls": [_call(data) for data in found.calls],
        "approvals": list(found.approvals),
        "counting": registry.approval_count(number, at=block),
        "proposed_at": show(dates.proposed_at),
        "expires_at": show(dates.expires_at),
        "executed_at": show(dates.executed_at),
    }


def _call(data: bytes) -> dict[str, Any]:
    """Return a call as it will be read; members may propose bytes that say nothing, and cannot execute them."""
    try:
        return call_json(read_call(NAME, data))
    except Invalid:
        return {"function": None, "data": f"0x{data.hex()}"}
