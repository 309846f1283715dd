"""`POST /v1/verifications/bulk`: many documents in one request, answered line by line while they come in."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import body, file_form
from api.bulk_lines import BulkLines, Detail
from api.duplex_response import DuplexResponse
from api.routes import openapi, registration_body, verification_body
from api.routes.parameters import At, KnownAt, RelyingCountry, TheNode, TheTenant
from api.spool import Spool
from ledger.errors import Invalid

router = APIRouter(prefix="/v1/verifications", tags=["verification"])
Details = Annotated[Detail, Query(description="`codes`: what is not well, by code. `full`: the whole verdict.")]
First = Annotated[int, Query(description="The number of the first line, where a run goes on.", ge=1, le=2**31)]
Lines = AsyncIterator[list[bytes | Invalid]]


@router.post(
    "/bulk",
    summary="Verify many documents",
    response_class=Response,
    responses=openapi.KEYED | openapi.READING | openapi.BULK_ANSWER,
    openapi_extra=openapi.BULK,
)
async def verify_lines(
    request: Request,
    node: TheNode,
    tenant: TheTenant,
    relying_country: RelyingCountry = None,
    at: At = None,
    known_at: KnownAt = None,
    detail: Details = "codes",
    first: First = 1,
) -> Response:
    """Take NDJSON, each line as `POST /v1/verifications` takes it; answer one line each, then a signed summary.

    A line that cannot be read is answered by a problem. Answers come while the lines still do: nothing is kept of them.
    """
    media_type = body.media_type(request)
    if media_type not in registration_body.NDJSON:
        raise file_form.unread(media_type, registration_body.NDJSON[0])
    answers = BulkLines(node, {"relying_country": relying_country, "at": at, "known_at": known_at}, detail, first)
    groups = body.line_groups(request, verification_body.LIMITS.max_bytes)
    # What can be refused before anything is answered is refused with the status that belongs to it.
    none: list[bytes | Invalid] = []
    begun = await anext(groups, none)

    async def produce(spool: Spool) -> None:
        await _answer(answers, begun, groups, spool)

    return DuplexResponse(produce, registration_body.NDJSON[0])


async def _answer(answers: BulkLines, begun: list[bytes | Invalid], groups: Lines, spool: Spool) -> None:
    fault: Invalid | None = None
    try:
        await spool.put(await run_in_threadpool(answers.answer, begun))
        async for group in groups:
            await spool.put(await run_in_threadpool(answers.answer, group))
    except Invalid as error:
        fault = error
    await spool.put(await run_in_threadpool(answers.end, fault))
