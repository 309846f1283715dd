"""What the OpenAPI document says of bodies that the routes read themselves, with examples."""

from typing import Any

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "RFC 6901 JSON pointer of the member that is wrong"},
        "mend": {"type": "string", "description": "what to do"},
        "problems": {"type": "array", "items": {"type": "object"}},
    },
}

_ENVELOPE = {
    "schema": {"type": "string"},
    "example": "eyJhbGciOiJFUzI1NiIs...~WyJtMTdXV2xnWlpXUWhBVWpFWGpFVTdnIiw...~",
}
_REGISTRATION: dict[str, Any] = {
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "envelope": {"type": "string"},
            "document": {"type": "object"},
            "kind": {"type": "string"},
            "issuer": {"type": "string"},
            "readers": {"type": "array", "items": {"type": "string"}},
            "supersedes": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "attachments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "media_type", "content"],
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string"},
                        "media_type": {"type": "string"},
                        "content": {"type": "string", "format": "byte"},
                    },
                },
            },
        },
    },
    "example": {
        "kind": "aeo-credential",
        "issuer": "cn.aeo-office",
        "document": {"...": "the document"},
        "readers": ["sg.customs"],
    },
}
_VERIFICATION: dict[str, Any] = {
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "envelope": {"type": "string"},
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "relying_country": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "at": {"type": "string"},
        },
    },
    "example": {"envelope": "eyJhbGciOiJFUzI1NiIs...~", "relying_country": "SG", "at": "2026-11-22T08:00:00Z"},
}

_RECEIVED: dict[str, Any] = {"content": {"application/problem+json": {"schema": PROBLEM}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request cannot be read", **_RECEIVED},
    404: {"description": "Not known here", **_RECEIVED},
    422: {"description": "The input is wrong; `pointer` says where and `mend` what to do", **_RECEIVED},
    503: {"description": "Not available now; try again after Retry-After seconds", **_RECEIVED},
}
KEYED: dict[int | str, dict[str, Any]] = {
    401: {"description": "An API key is needed", **_RECEIVED},
    403: {"description": "Not yours to do", **_RECEIVED},
    409: {"description": "Refused by a rule", **_RECEIVED},
}

REGISTRATION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/dc+sd-jwt": _ENVELOPE,
            "application/json": _REGISTRATION,
            "application/x-ndjson": {"schema": {"type": "string"}, "example": '{"envelope": "eyJ..."}\n'},
        },
    }
}
VERIFICATION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/dc+sd-jwt": _ENVELOPE, "application/json": _VERIFICATION},
    }
}
