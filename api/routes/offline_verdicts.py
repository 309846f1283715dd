"""`POST /v1/offline-verdicts`: devices without a line hand in what they answered."""

import json
import time
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from anchors.offline_verdicts import OfflineVerdicts
from anchors.tenants import Tenant
from api import body, file_form
from api.contradictions import compare
from api.node import Node
from api.routes import openapi, registration_body
from api.routes.parameters import TheNode, TheTenant
from ledger.errors import Invalid
from ledger.offline_verdict import LONGEST, OfflineVerdict, read_line

router = APIRouter(prefix="/v1/offline-verdicts", tags=["verification"], responses=openapi.KEYED)
MOST = 1_000
_MAX_BYTES = 32 * 1024 * 1024
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {registration_body.NDJSON[0]: {"schema": {"type": "string", "description": "A compact JWS a line"}}},
    }
}
_ANSWER: openapi.Responses = {
    200: {
        "description": "For each line whether it was here already, and what the newest facts say of the document",
        "content": {registration_body.NDJSON[0]: {"schema": {"type": "string"}}},
    }
}


@router.post(
    "",
    summary="Hand in verdicts that were given without a line",
    response_class=Response,
    responses=_ANSWER | openapi.READING,
    openapi_extra=_BODY,
)
async def hand_in(request: Request, node: TheNode, tenant: TheTenant) -> Response:
    """Take at most 1,000 verdicts of devices, all or none, in each device's order; handing in again does nothing.

    The answer tells of each whether the newest facts contradict it: a document that was let through as usable and was
    revoked, say, before or since.
    """
    media_type, content = body.media_type(request), await body.whole(request, _MAX_BYTES)
    if media_type not in registration_body.NDJSON:
        raise file_form.unread(media_type, registration_body.NDJSON[0])
    answer = await run_in_threadpool(_taken, node, tenant, content)
    return Response(answer, media_type=registration_body.NDJSON[0])


def _taken(node: Node, tenant: Tenant, content: bytes) -> bytes:
    verdicts = [_read(line, place) for place, line in enumerate(_lines(content))]
    repeated = OfflineVerdicts(node.database).take(tenant.id, verdicts, int(time.time()))
    told = (_told(node, one, again) for one, again in zip(verdicts, repeated, strict=True))
    return b"".join(json.dumps(one).encode() + b"\n" for one in told)


def _lines(content: bytes) -> list[bytes]:
    lines = [line for line in content.split(b"\n") if line.strip()]
    if not 0 < len(lines) <= MOST:
        raise Invalid("offline-verdict.body", f"1 to {MOST} lines are taken at once", mend="send them in parts")
    return lines


def _read(line: bytes, place: int) -> OfflineVerdict:
    try:
        return read_line(line.strip(b" \t\r").decode("ascii") if len(line) <= LONGEST + 2 else "." * (LONGEST + 1))
    except UnicodeDecodeError:
        raise Invalid("offline-verdict.form", "not ASCII", pointer=f"/{place}", mend="send lines as kept") from None
    except Invalid as error:
        error.pointer = f"/{place}{error.pointer or ''}"
        raise


def _told(node: Node, one: OfflineVerdict, again: bool) -> dict[str, Any]:
    return {
        "device": one.device.kid,
        "number": one.number,
        "hash": one.hash.hex(),
        "repeated": again,
        "digest": one.digest.hex() if one.digest else None,
        "given": {"authentic": one.authentic, "usable": one.usable, "at": one.at},
        **compare(node.judge, one).to_json(),
    }
