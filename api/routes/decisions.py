"""`POST /v1/decisions`: the documents of one consignment, judged together; how closely to look at it, and why."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anchors.tenants import Tenant
from api import body, file_form
from api.answer_signature import signed
from api.decision_json import decision_json
from api.moment import show
from api.node import Node
from api.routes import decision_body, openapi, openapi_decisions, registration_body
from api.routes.parameters import TheNode, TheTenant
from api.sampling import draws, sampling_json
from ledger.block import Block
from verifier.decision.decision import decide

router = APIRouter(prefix="/v1/decisions", tags=["verification"])


@router.post(
    "",
    summary="Judge a consignment",
    response_class=Response,
    responses=openapi.KEYED | openapi.READING | openapi_decisions.DECISION,
    openapi_extra=openapi_decisions.CONSIGNMENT,
)
async def decisions(request: Request, node: TheNode, tenant: TheTenant) -> Response:
    """Judge each document by itself, lay them beside each other, and recommend an inspection by the rules in force.

    What contradicts another document never changes what is said of its own authenticity. Whether a consignment is in
    the sample is told to the customs that runs the node only. Nothing of the documents is kept.
    """
    media_type, content = body.media_type(request), await body.whole(request, decision_body.LIMITS.max_bytes)
    if media_type != registration_body.JSON:
        raise file_form.unread(media_type, registration_body.JSON)
    return await run_in_threadpool(_answer, node, tenant, content)


def _answer(node: Node, tenant: Tenant, content: bytes) -> Response:
    asked = decision_body.read(content)
    policy = asked.policy or node.decision_policy
    decision = decide(node.judge, asked.presented, asked.question, policy, draws(node, tenant))
    answer = decision_json(decision) | {
        "sampling": sampling_json(node, decision),
        "as_of": _as_of(node, decision.consignment.as_of),
    }
    whole = json.dumps(signed(node, answer), ensure_ascii=False, separators=(",", ":")).encode()
    return Response(whole, media_type="application/json")


def _as_of(node: Node, block: Block | None) -> dict[str, Any] | None:
    if block is None:
        return None
    return {
        "chain_id": node.network.chain_id,
        "block": block.number,
        "block_hash": f"0x{block.hash.hex()}",
        "block_time": show(block.timestamp),
    }
