"""`POST /v1/verifications`: is it authentic, can it be used, and why. Open to everybody; shows no payload."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

from api import body, file_form, reports
from api.gate_words import gate_json
from api.node import Node
from api.routes import costly, openapi, registration_body, verification_body
from api.routes.bare_route import BareRoute
from api.routes.parameters import At, RelyingCountry, TheNode
from api.verdict_json import verdict_json
from verifier.question import Question
from verifier.subject import Subject

router = APIRouter(prefix="/v1/verifications", tags=["verification"], route_class=BareRoute)
Proved = Annotated[
    bool | None,
    Query(description="Believe only what is proved under a final block; without it, as the node is set."),
]

Report = Annotated[
    bool, Query(description="Answer with a signed report, as a file to be kept (docs/report.md); an API key names who.")
]
TrustedBlock = Annotated[
    int | None,
    Query(
        description="With `report`: the block of the trust roots that will check it; the hand-overs since go in.",
        ge=0,
        le=2**63 - 1,
    ),
]
# Looked at for reports only: without, nobody needs to say who asks.
_BEARER = HTTPBearer(auto_error=False)


@router.post(
    "",
    summary="Verify a document",
    response_class=JSONResponse,
    responses=openapi.READING | openapi.VERDICT | openapi.COSTLY,
    openapi_extra=openapi.VERIFICATION,
)
async def verify(
    request: Request,
    node: TheNode,
    relying_country: RelyingCountry = None,
    at: At = None,
    known_at: At = None,
    report: Report = False,
    trusted_block: TrustedBlock = None,
    proved: Proved = None,
) -> Response:
    """Judge an envelope, the text of a scanned QR code, or what is known under a bare digest.

    The answer is always a verdict with its reasons; for a QR code by value `gate` repeats what it says.
    """
    place = await costly.admit(request) if report else nullcontext()
    media_type, content = body.media_type(request), await body.whole(request, verification_body.LIMITS.max_bytes)
    read = partial(_read, media_type, content, {"relying_country": relying_country, "at": at, "known_at": known_at})
    if not report:
        # All of it in one thread: each change of threads costs as much as reading an envelope.
        return await run_in_threadpool(_judge, node, read, node.settings.proved if proved is None else proved)
    subject, question = await run_in_threadpool(read)
    verification_body.check_reportable(subject)
    bearer = await _BEARER(request)
    key = bearer.credentials if bearer else None
    with place:
        file = await run_in_threadpool(reports.make_report, node, subject, question, key, trusted_block)
    return Response(file.encode(), media_type=registration_body.JSON)


def _read(media_type: str, content: bytes, given: verification_body.Given) -> tuple[Subject, Question]:
    if media_type == registration_body.JSON:
        return verification_body.read(content, given)
    if media_type == registration_body.ENVELOPE:
        return Subject.presented(content.strip(b" \t\r\n")), verification_body.question(given)
    raise file_form.unread(media_type, registration_body.ENVELOPE, registration_body.JSON)


def _judge(node: Node, read: Callable[[], tuple[Subject, Question]], is_proved: bool) -> Response:
    subject, question = read()
    verifier = node.proved if is_proved else node.verifier
    verdict = verdict_json(verifier.verify(subject, question)) | {"proved": is_proved}
    return JSONResponse(verdict | ({"gate": gate_json(subject.gate.statement)} if subject.gate else {}))
