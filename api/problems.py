"""Errors over HTTP: RFC 9457 problems with stable types."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ledger.errors import Invalid, PortsealError, Refused, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

_TITLES = {
    400: "The request cannot be read",
    401: "An API key is needed",
    403: "Not yours to do",
    404: "Not known here",
    405: "No such method here",
    408: "Too slow",
    409: "Refused by a rule",
    413: "Too large",
    415: "Not a media type that is read here",
    422: "The input is wrong",
    429: "Too many",
    500: "Our fault",
    503: "Not available now",
}
_STATUSES = {
    "authentication.missing": 401,
    "authentication.unknown": 401,
    "authentication.forbidden": 403,
    "body.too-large": 413,
    "body.slow": 408,
    "head.slow": 408,
    "head.framing": 400,
    "body.cut-off": 400,
    "body.encoding": 415,
    "body.media-type": 415,
    "payload.too-large": 413,
    "envelope.too-large": 413,
    "json.too-large": 413,
    "intent.signer": 403,
    "relay.too-many": 429,
    "node.too-often": 429,
}


def status_of(error: PortsealError) -> int:
    """Return the HTTP status of an error."""
    if error.code in _STATUSES:
        return _STATUSES[error.code]
    if isinstance(error, Unavailable):
        return 503
    if isinstance(error, Refused):
        return 404 if error.code.endswith(".unknown") else 409
    return 400 if error.code.startswith("json.") else 422


def problem(error: PortsealError) -> dict[str, Any]:
    """Return the problem object: type, title, status, code, detail, and where known pointer, mend, problems."""
    status = status_of(error)
    body: dict[str, Any] = {
        "type": f"urn:portseal:problem:{error.code}",
        "title": _TITLES.get(status, "Problem"),
        "status": status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.pointer is not None:
        body["pointer"] = error.pointer
    if error.mend:
        body["mend"] = error.mend
    more = getattr(error, "problems", ())
    if len(more) > 1:
        body["problems"] = [{"pointer": pointer, "detail": detail} for pointer, detail in more]
    return body


def response(error: PortsealError) -> JSONResponse:
    """Return the problem as a response, with Retry-After, WWW-Authenticate or Connection where they belong."""
    body = problem(error)
    headers = {}
    if body["status"] == 408:
        # RFC 9110 §15.5.9. Not after 413: closing on somebody who still sends would take the answer from them too.
        headers["Connection"] = "close"
    if body["status"] in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_seconds", RETRY_SECONDS))
    if body["status"] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="portseal"'
    return JSONResponse(body, status_code=body["status"], headers=headers, media_type=MEDIA_TYPE)


def _portseal_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PortsealError)  # noqa: S101 - registered for this class only
    return response(error)


def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    first = error.errors()[0]
    where, *path = first["loc"]
    return response(
        Invalid(
            "request.parameter",
            f"{where} {'.'.join(map(str, path))}: {first['msg']}",
            pointer="/" + "/".join(map(str, path)) if where == "body" else None,
            mend="see /openapi.json for what this address takes",
        )
    )


def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    body = {
        "type": "about:blank",
        "title": _TITLES.get(error.status_code, "Problem"),
        "status": error.status_code,
        "detail": str(error.detail),
    }
    return JSONResponse(body, status_code=error.status_code, headers=error.headers, media_type=MEDIA_TYPE)


def _our_fault(_request: Request, _error: Exception) -> JSONResponse:
    """Answer for a bug, without a word of the exception; the server logs it."""
    body = {"type": "about:blank", "title": _TITLES[500], "status": 500, "detail": "the node made a mistake"}
    return JSONResponse(body, status_code=500, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    app.add_exception_handler(PortsealError, _portseal_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _our_fault)
