"""`POST /v1/verifications`: is it authentic, can it be used, and why. Open to everybody; shows no payload."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer

from api import body, file_form, reports
from api.moment import parse as parse_time
from api.routes import openapi, registration_body
from api.routes.parameters import At, TheNode, digest_of
from api.verdict_json import verdict_json
from ledger.envelope.limits import MAX_BYTES
from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_pointer import append
from ledger.kinds import foreign, likely_kind
from ledger.strict_json import Limits, parse
from verifier.question import Question
from verifier.subject import Subject

router = APIRouter(prefix="/v1/verifications", tags=["verification"])
# Nobody needs a key here: no more is held in memory than an envelope and a question can have.
LIMITS = Limits(max_bytes=MAX_BYTES + 64 * 1024)
_MEMBERS = ("envelope", "digest", "relying_country", "at", "known_at")
Country = Annotated[
    str | None, Query(description="ISO 3166 code of the country that relies on it.", json_schema_extra=openapi.COUNTRY)
]

Report = Annotated[
    bool, Query(description="Answer with a signed report, as a file to be kept (docs/report.md); an API key names who.")
]
# Looked at for reports only: without, nobody needs to say who asks.
_BEARER = HTTPBearer(auto_error=False)


@router.post(
    "",
    summary="Verify a document",
    response_class=JSONResponse,
    responses=openapi.READING | openapi.KEYED | openapi.VERDICT,
    openapi_extra=openapi.VERIFICATION,
)
async def verify(
    request: Request,
    node: TheNode,
    relying_country: Country = None,
    at: At = None,
    known_at: At = None,
    report: Report = False,
) -> Response:
    """Judge an envelope, or what is known under a bare digest. The answer is always a verdict with its reasons."""
    media_type, content = body.media_type(request), await body.whole(request, LIMITS.max_bytes)
    given = {"relying_country": relying_country, "at": at, "known_at": known_at}
    if media_type == registration_body.JSON:
        subject, question = await run_in_threadpool(_read, content, given)
    elif media_type == registration_body.ENVELOPE:
        subject, question = Subject.presented(content.strip(b" \t\r\n")), _question(given)
    else:
        raise file_form.unread(media_type, registration_body.ENVELOPE, registration_body.JSON)
    if report:
        bearer = await _BEARER(request)
        key = bearer.credentials if bearer else None
        file = await run_in_threadpool(reports.make_report, node, subject, question, key)
        return Response(file.encode(), media_type=registration_body.JSON)
    return JSONResponse(verdict_json(await run_in_threadpool(node.verifier.verify, subject, question)))


def _read(content: bytes, given: dict[str, str | None]) -> tuple[Subject, Question]:
    asked = file_form.read(lambda text: parse(text, LIMITS), content)
    if known := foreign(asked):
        raise _wrong(f"this is {known.what}, not an envelope", "verify it where it was issued; here, send an envelope")
    if not isinstance(asked, dict):
        raise _wrong("the body is not an object", "send envelope or digest")
    if not asked.keys() & {"envelope", "digest"} and (kind := likely_kind(asked)):
        raise _wrong(f"this is {kind.noun} without a signature", "send the envelope (.sd-jwt) that it came in")
    for name, value in asked.items():
        if name not in _MEMBERS or not isinstance(value, str):
            what = f"{name[:40]} is not a member that is read here, or not a text"
            raise _wrong(what, f"use texts named {', '.join(_MEMBERS)}", append("", name))
    if ("envelope" in asked) == ("digest" in asked):
        raise _wrong("exactly one of `envelope` and `digest` is needed", "send one of them")
    question = _question(given | {name: str(asked[name]) for name in given if name in asked})
    if "digest" in asked:
        return Subject.named(digest_of(str(asked["digest"]), "/digest")), question
    return Subject.presented(str(asked["envelope"]).strip(" \t\r\n")), question


def _wrong(detail: str, mend: str, pointer: str = "") -> Invalid:
    return Invalid("verification.body", detail, pointer=printable(pointer), mend=mend)


def _question(given: dict[str, str | None]) -> Question:
    at, known_at = (parse_time(text, f"/{name}") if (text := given[name]) else None for name in ("at", "known_at"))
    try:
        return Question(at=at, known_at=known_at, relying_country=given["relying_country"] or None)
    except Invalid as error:
        error.pointer = error.pointer or "/relying_country"
        raise
