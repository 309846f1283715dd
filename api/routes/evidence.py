"""`/v1/documents/{digest}/evidence`, `/v1/evidence`, `/v1/trust`: what an offline verifier is given. Open to all."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import body, file_form
from api.evidence_maker import evidence_maker
from api.node import Node
from api.routes import costly, openapi, registration_body
from api.routes.parameters import Digest, TheNode
from ledger.country import to_bytes2
from ledger.envelope.limits import MAX_BYTES
from ledger.errors import Invalid
from ledger.operator import operator_id
from verifier.hand_over_making import HandOverMaker
from verifier.subject import Subject
from verifier.trust_making import trust_roots

router = APIRouter(prefix="/v1", tags=["verification"], route_class=costly.CostlyRoute, responses=openapi.COSTLY)
with_a_body = APIRouter()
MEDIA_TYPE = "application/cbor"
EVIDENCE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An evidence file (docs/evidence.md)",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    409: openapi.KEYED[409],
}
_HAND_OVERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A file of hand-overs (docs/evidence.md)",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    409: openapi.KEYED[409],
}
_ENVELOPE = {
    "requestBody": {
        "required": True,
        "content": {registration_body.ENVELOPE: {"schema": {"type": "string"}}},
    }
}
Country = Annotated[
    str | None, Query(description="Record its recognition too: ISO 3166.", json_schema_extra=openapi.COUNTRY)
]

TrustedBlock = Annotated[
    int | None,
    Query(
        description="Block as of which the trust roots are that it is for: the hand-overs since then go in.",
        ge=0,
        le=2**63 - 1,
    ),
]
OperatorCode = Annotated[
    str | None,
    Query(
        description="Record the operator of this code too, where the document is an AEO credential.",
        json_schema_extra=openapi.OPERATOR_CODE,
    ),
]
After = Annotated[int, Query(description="The block (`as_of`) of the trust roots.", ge=0, le=2**63 - 1)]


@router.get(
    "/documents/{digest}/evidence", summary="Evidence of a document", response_class=Response, responses=EVIDENCE
)
def evidence_of_digest(
    digest: Digest,
    node: TheNode,
    relying_country: Country = None,
    trusted_block: TrustedBlock = None,
    operator_code: OperatorCode = None,
) -> Response:
    """Give all that an offline verdict needs, without the document; whoever has it presents it beside.

    Nothing of it is secret: digests, paths and the registries' state. Final documents only.
    """
    return _file(node, Subject.named(digest), relying_country, trusted_block, operator_code)


@with_a_body.post(
    "/evidence",
    summary="Evidence that holds its envelope",
    response_class=Response,
    responses=EVIDENCE | openapi.READING,
    openapi_extra=_ENVELOPE,
)
async def evidence_of_envelope(
    request: Request, node: TheNode, relying_country: Country = None, trusted_block: TrustedBlock = None
) -> Response:
    """Give all that an offline verdict on the envelope needs, and the envelope itself; the node keeps nothing of it."""
    place = await costly.admit(request)
    media_type, content = body.media_type(request), await body.whole(request, MAX_BYTES + 1024)
    if media_type != registration_body.ENVELOPE:
        raise file_form.unread(media_type, registration_body.ENVELOPE)
    subject = Subject.presented(content.strip(b" \t\r\n"))
    with place:
        return await run_in_threadpool(_file, node, subject, relying_country, trusted_block)


@router.get("/trust", summary="Trust roots as this node has them")
def trust(node: TheNode) -> dict[str, Any]:
    """Give the trust roots: as good as this node. Take them from your own, or compare their fingerprint elsewhere."""
    return trust_roots(node.network, node.authority_registry, node.chain.head()).to_json()


@router.get("/trust/hand-overs", summary="Hand-overs since a block", response_class=Response, responses=_HAND_OVERS)
def hand_overs(node: TheNode, after: After) -> Response:
    """Give what brings trust roots as of a block up to date: each link is signed by those who might sign before it."""
    maker = HandOverMaker(node.chain, node.network, node.finality.newest)
    return Response(maker.up_to_now(after).encode(), media_type=MEDIA_TYPE)


router.include_router(with_a_body)


def _file(
    node: Node, subject: Subject, country: str | None, trusted_block: int | None, operator_code: str | None = None
) -> Response:
    if country is not None:
        to_bytes2(country)
    if operator_code is not None:
        operator_id(operator_code)
    if subject.rejection:
        wrong = subject.rejection
        raise Invalid(wrong.code, wrong.detail, pointer=wrong.pointer, mend="send the envelope as it was issued")
    file = evidence_maker(node).make(subject, int(time.time()), country, trusted_block, operator_code)
    name = f'attachment; filename="{file.digest.hex()[:16]}.evidence"'
    return Response(file.encode(), media_type=MEDIA_TYPE, headers={"Content-Disposition": name})
