"""`GET /v1/proposals`: what members vote on, and how the vote stands."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.as_of import as_of
from api.authority_reading import authority_reading
from api.intent_json import call_json
from api.moment import show
from api.registry_reading import Reading
from api.routes import openapi
from api.routes.parameters import TheAnswers, TheFacts, TheNode
from ledger.authority_registry import NAME, AuthorityRegistry
from ledger.call_reading import read_call
from ledger.errors import Invalid, Refused

router = APIRouter(prefix="/v1/proposals", tags=["registries"])
_MOST = 100
Number = Annotated[int, Path(description="The proposal's number, from 0.", ge=0, lt=2**53)]
Before = Annotated[int | None, Query(description="Only those with a lower number.", ge=0, lt=2**53)]


@router.get("", summary="Proposals", responses=openapi.SIGNED)
def proposals(node: TheNode, facts: TheFacts, answers: TheAnswers, before: Before = None) -> Response:
    """List proposals, the newest first, at most a hundred."""
    read = authority_reading(node, facts, as_of(node.chain, None))

    def answer() -> dict[str, Any]:
        count = read(node.authority_registry.proposal_count)
        newest = count if before is None else min(before, count)
        listed = range(newest - 1, max(newest - _MOST, 0) - 1, -1)
        return {
            "quorum": read(node.authority_registry.quorum),
            "count": count,
            "proposals": [_proposal(node.authority_registry, number, read) for number in listed],
        }

    return answers.give(("proposals", before), read.moment, answer)


@router.get("/{number}", summary="One proposal", responses=openapi.SIGNED)
def proposal(node: TheNode, facts: TheFacts, answers: TheAnswers, number: Number) -> Response:
    """Show one proposal: its calls, who has approved, how many approvals count and how many are needed now."""
    read = authority_reading(node, facts, as_of(node.chain, None))
    if number >= read(node.authority_registry.proposal_count):
        raise Refused("proposal.unknown", f"there is no proposal {number}", mend="list them at /v1/proposals")

    def answer() -> dict[str, Any]:
        found = _proposal(node.authority_registry, number, read)
        return found | {"quorum": read(node.authority_registry.quorum)}

    return answers.give(("proposal", number), read.moment, answer)


def _proposal(registry: AuthorityRegistry, number: int, read: Reading) -> dict[str, Any]:
    """`counting`: approvals that count now, of an open one; memberships that begin or end change it without a vote."""
    found, dates, block = read(registry.proposal, number), read(registry.proposal_dates, number), read.moment.block
    expired = dates.expires_at <= block.timestamp
    state = "executed" if found.executed else "expired" if expired else "open"
    return {
        "proposal": number,
        "state": state,
        "calls": [_call(data) for data in found.calls],
        "approvals": list(found.approvals),
        "counting": registry.approval_count(number, at=block.number) if state == "open" else None,
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
