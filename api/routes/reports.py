"""`/v1/reports`: have a signed report anchored, and see since when it is provably there."""

import time
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from anchors.pipeline.report_batch import LANE
from api import body, file_form, report_anchoring
from api.routes import openapi, registration_body
from api.routes.costly import CostlyRoute
from api.routes.evidence import EVIDENCE, MEDIA_TYPE, TrustedBlock
from api.routes.parameters import Digest, TheNode, TheTenant
from verifier.signed_report.file import LIMITS
from verifier.subject import Subject

router = APIRouter(prefix="/v1/reports", tags=["verification"])
proving = APIRouter(route_class=CostlyRoute, responses=openapi.COSTLY)


@router.post(
    "",
    status_code=202,
    summary="Have a signed report anchored",
    response_class=JSONResponse,
    responses=openapi.KEYED | openapi.READING | openapi.ANCHORED_REPORT,
    openapi_extra=openapi.REPORT,
)
async def anchor(request: Request, node: TheNode, tenant: TheTenant) -> Response:
    """Take a report's file as this node gave it. Its name, and nothing of what it says, is kept and anchored, once.

    The answer is durable, and says where the report stands; handing it in again says it anew.
    """
    # Before anything of the body is read: where documents wait, reports do.
    await run_in_threadpool(node.registrar.room.check, LANE)
    media_type, content = body.media_type(request), await body.whole(request, LIMITS.max_bytes)
    if media_type != registration_body.JSON:
        raise file_form.unread(media_type, registration_body.JSON)
    answer = await run_in_threadpool(report_anchoring.take, node, tenant, content)
    return JSONResponse(answer, status_code=202, headers={"Location": answer["location"]})


@router.get("/{digest}", summary="How far a report's anchor has come")
def standing(digest: Digest, node: TheNode) -> dict[str, Any]:
    """Show state, place in the batch with the inclusion path, transaction, block and proof of finality. Open to all."""
    return report_anchoring.standing(node, digest)


@proving.get("/{digest}/evidence", summary="Evidence of a report's anchor", response_class=Response, responses=EVIDENCE)
def evidence(digest: Digest, node: TheNode, trusted_block: TrustedBlock = None) -> Response:
    """Give what proves offline, by trust roots alone, that the report was there: the `anchor` of its file."""
    report_anchoring.record_of(node, digest)
    maker = report_anchoring.anchor_maker(node)
    file = maker.make(Subject.named(digest), int(time.time()), trusted_block=trusted_block)
    name = f'attachment; filename="{digest.hex()[:16]}.evidence"'
    return Response(file.encode(), media_type=MEDIA_TYPE, headers={"Content-Disposition": name})


router.include_router(proving)
