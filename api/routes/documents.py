"""`/v1/documents`: register documents, and see how far they have come."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from anchors.lane import Lane, LaneWord
from anchors.pipeline.registration import Accepted, Registration
from anchors.tenants import Tenant
from api import body, file_form, problems, registering
from api.document_answer import document_answer
from api.moment import parse_any as parse_time
from api.node import Node
from api.routes import openapi, registration_body
from api.routes.parameters import At, Digest, KnownAt, TheNode, TheTenant, digest_of
from api.routes.registration_body import RegistrationBody
from ledger.errors import Invalid, PortsealError
from verifier.question import Question

router = APIRouter(prefix="/v1/documents", tags=["documents"])
LINES_AT_ONCE = 500

Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200, description="Makes a retry safe.")]
Readers = Annotated[list[str] | None, Query(description="Who may open the payload; for a bare envelope.")]
InLane = Annotated[LaneWord, Query(description="How soon it has to be anchored: see the receipt's promise.")]
Supersedes = Annotated[
    str | None, Query(description="The document it replaces; for a bare envelope.", json_schema_extra=openapi.DIGEST)
]


@router.post(
    "",
    status_code=202,
    summary="Register documents",
    responses=openapi.KEYED | openapi.READING | openapi.ACCEPTED,
    openapi_extra=openapi.REGISTRATION,
)
async def register(
    request: Request,
    node: TheNode,
    tenant: TheTenant,
    idempotency_key: Key = None,
    reader: Readers = None,
    supersedes: Supersedes = None,
    lane: InLane = "normal",
) -> Response:
    """Take an envelope, a document to be signed with the caller's custodial key, or NDJSON of either.

    The answer is durable: every document that was accepted will be final, or fail with a stated reason.
    """
    in_lane = Lane.of(lane)
    # Before anything of the body is read: a node that has no place for it does no work for it.
    await run_in_threadpool(node.registrar.room.check, in_lane)
    media_type = body.media_type(request)
    if media_type in registration_body.NDJSON:
        return await _register_lines(request, node, tenant, idempotency_key, in_lane)
    if media_type not in (registration_body.ENVELOPE, registration_body.JSON):
        raise file_form.unread(
            media_type, registration_body.ENVELOPE, registration_body.JSON, registration_body.NDJSON[0]
        )
    content = await body.whole(request)
    if media_type == registration_body.JSON:
        asked = await run_in_threadpool(registration_body.read, content)
    else:
        replaced = digest_of(supersedes) if supersedes else None
        envelope = file_form.check_envelope(_ascii(content))
        asked = RegistrationBody(envelope=envelope, readers=tuple(reader or ()), supersedes=replaced)
    answer = await run_in_threadpool(_register_one, node, tenant, asked, content, idempotency_key, in_lane)
    return JSONResponse(answer, status_code=202, headers={"Location": answer["location"]})


@router.get("/{digest}", summary="How far a document has come")
def document(node: TheNode, digest: Digest, at: At = None, known_at: KnownAt = None) -> dict[str, Any]:
    """Show pipeline state, status on chain, and receipt with the proof; never the payload.

    With a time, `status.then` is the status at that time, as known then if that is asked; the rest is as of now.
    """
    asked_at, asked_known_at = parse_time(at, "/at"), parse_time(known_at, "/known_at")
    return document_answer(node, digest, Question(at=asked_at, known_at=asked_known_at))


def _register_one(
    node: Node, tenant: Tenant, asked: RegistrationBody, content: bytes, key: str | None, lane: Lane
) -> dict[str, Any]:
    request_key = registering.request_key(key, content)
    [answer] = registering.accept(node, [registering.registration(node, tenant, asked, request_key, lane)])
    if "error" in answer:
        raise answer["error"]
    return answer


async def _register_lines(request: Request, node: Node, tenant: Tenant, key: str | None, lane: Lane) -> Response:
    """Answer each line with a line; work starts while the body still comes in.

    A body that goes wrong later is answered too: what was accepted stays so, and the last line says what was wrong.
    """
    answers: list[bytes] = []
    group: list[bytes] = []
    fault: Invalid | None = None
    try:
        async for line in body.lines(request):
            group.append(line)
            if len(group) == LINES_AT_ONCE:
                answers += await _register_group(node, tenant, group, key, len(answers), lane)
                group = []
    except Invalid as error:
        if not answers:
            raise
        fault = error
    answers += await _register_group(node, tenant, group, key, len(answers), lane)
    if fault is not None:
        answers.append(_line(len(answers) + 1, {"error": fault}))
    headers = {"Connection": "close"} if fault is not None else {}
    return Response(b"".join(answers), status_code=202, headers=headers, media_type=registration_body.NDJSON[0])


async def _register_group(
    node: Node, tenant: Tenant, lines: Sequence[bytes], key: str | None, before: int, lane: Lane
) -> list[bytes]:
    async with node.lines_turn:
        return await run_in_threadpool(_register_now, node, tenant, lines, key, before, lane)


def _register_now(
    node: Node, tenant: Tenant, lines: Sequence[bytes], key: str | None, before: int, lane: Lane
) -> list[bytes]:
    asked = [_asked(node, tenant, line, key, before + place, lane) for place, line in enumerate(lines, 1)]
    answers = registering.accept(node, asked)
    return [_line(before + place, answer) for place, answer in enumerate(answers, 1)]


def _asked(
    node: Node, tenant: Tenant, line: bytes, key: str | None, number: int, lane: Lane
) -> Registration | Accepted | PortsealError:
    try:
        asked = registration_body.read(line)
        return registering.registration(node, tenant, asked, registering.request_key(key, line, number), lane)
    except PortsealError as error:
        return error


def _line(number: int, answer: dict[str, Any]) -> bytes:
    if "error" in answer:
        problem = problems.problem(answer["error"])
        answer = {"status": problem["status"], "problem": problem}
    else:
        answer = {"status": 202, **answer}
    return json.dumps({"line": number, **answer}, ensure_ascii=False).encode() + b"\n"


def _ascii(content: bytes) -> str:
    try:
        return content.decode("ascii").strip(" \t\r\n")
    except UnicodeDecodeError:
        file_form.check_envelope(content[:64].decode("latin-1"))
        raise Invalid("envelope.form", "an envelope is ASCII", mend="send the compact SD-JWT as it is") from None
