"""What the OpenAPI document says of bodies that the routes read themselves, with examples."""

from typing import Any

PROBLEM: dict[str, Any] = {
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

DIGEST = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ID = {"type": "string", "pattern": "^[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?$"}
COUNTRY = {"type": "string", "pattern": "^[A-Z]{2}$"}
OPERATOR_CODE = {"type": "string", "pattern": "^[!-~]([ -~]{0,62}[!-~])?$"}

_ENVELOPE = {
    "schema": {"type": "string"},
    "example": "eyJhbGciOiJFUzI1NiIs...~WyJtMTdXV2xnWlpXUWhBVWpFWGpFVTdnIiw...~",
}
_REGISTRATION: dict[str, Any] = {
    "schema": {
        "type": "object",
        "additionalProperties": False,
        "oneOf": [{"required": ["envelope"]}, {"required": ["document", "kind"]}],
        "properties": {
            "envelope": {"type": "string"},
            "document": {"type": "object"},
            "kind": {"type": "string"},
            "issuer": ID,
            "readers": {"type": "array", "items": ID},
            "supersedes": DIGEST,
            "gate": {
                "type": ["string", "boolean"],
                "format": "byte",
                "description": "The gate statement made beside the envelope (COSE_Sign1, base64); beside a document "
                "`false` where the node is to make none",
            },
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
            "digest": DIGEST,
            "qr": {"type": "string", "maxLength": 4296, "description": "The text of a scanned QR code"},
            "relying_country": COUNTRY,
            "at": {"type": "string", "maxLength": 40},
            "known_at": {"type": "string", "maxLength": 40},
        },
        "oneOf": [{"required": ["envelope"]}, {"required": ["digest"]}, {"required": ["qr"]}],
    },
    "example": {"envelope": "eyJhbGciOiJFUzI1NiIs...~", "relying_country": "SG", "at": "2026-11-22T08:00:00Z"},
}

_RECEIVED: dict[str, Any] = {"content": {"application/problem+json": {"schema": PROBLEM}}}
Responses = dict[int | str, dict[str, Any]]
PROBLEMS: Responses = {
    404: {"description": "Not known here", **_RECEIVED},
    422: {"description": "The input is wrong; `pointer` says where and `mend` what to do", **_RECEIVED},
    503: {"description": "Not available now; try again after Retry-After seconds", **_RECEIVED},
}
"""What every address may answer."""

_AS_OF = {
    "type": "object",
    "required": ["at", "known_at", "chain_id", "block", "block_hash", "block_time"],
    "description": "The times that were asked for, and the block that the answer was read at",
    "properties": {
        "at": {"type": "string"},
        "known_at": {"type": "string"},
        "chain_id": {"type": "integer"},
        "block": {"type": "integer"},
        "block_hash": {"type": "string"},
        "block_time": {"type": "string"},
    },
}
_SIGNED: dict[str, Any] = {
    "type": "object",
    "required": ["as_of", "answered_by", "signature"],
    "properties": {
        "as_of": _AS_OF,
        "answered_by": ID,
        "signature": {
            "type": "string",
            "description": "Detached JWS (RFC 7515 appendix F) over the RFC 8785 bytes of all other members, by the "
            "`answers` key of the authority that answers",
        },
    },
}
SIGNED: Responses = {200: {"description": "A signed answer", "content": {"application/json": {"schema": _SIGNED}}}}
"""What an address answers that speaks for the registries."""

VERDICT: Responses = {
    200: {
        "description": "A verdict; with `report=true` a report's file, `report` (a compact JWS) and `proof`",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    409: {"description": "No report: this node's key is not in the registry", **_RECEIVED},
}
"""What a verification answers."""

COSTLY: Responses = {429: {"description": "Too often without an API key; again after Retry-After seconds", **_RECEIVED}}
"""What an address may answer whose work is costly and open to all."""

READING: Responses = {
    400: {"description": "The body cannot be read", **_RECEIVED},
    408: {"description": "The body came too slowly", **_RECEIVED},
    413: {"description": "The body is too large", **_RECEIVED},
    415: {"description": "The body has a media type or an encoding that is not read here", **_RECEIVED},
}
"""What an address that reads a body may answer too."""

KEYED: Responses = {
    401: {"description": "An API key is needed", **_RECEIVED},
    403: {"description": "Not yours to do", **_RECEIVED},
    409: {"description": "Refused by a rule", **_RECEIVED},
}
"""What an address that needs an API key may answer too."""

ACCEPTED: Responses = {
    202: {
        "description": "Accepted; for NDJSON, one line for each line",
        "headers": {"Location": {"description": "Of one document", "schema": {"type": "string"}}},
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}
_REPORT = {
    "schema": {
        "type": "object",
        "required": ["report", "proof"],
        "additionalProperties": False,
        "properties": {
            "report": {"type": "string", "description": "A compact JWS"},
            "proof": {"type": "string", "description": "base64url"},
            "anchor": {"type": "string", "description": "base64url"},
        },
    },
    "example": {"report": "eyJhbGciOiJFZDI1NTE5Iiwi...", "proof": "pGF2AWVub2Rlc..."},
}
REPORT: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": _REPORT}}}
ANCHORED_REPORT: Responses = {
    202: {
        "description": "Taken: it will be anchored, once. Where it stands; `repeated` if it had been taken before",
        "headers": {"Location": {"description": "Where to ask again", "schema": {"type": "string"}}},
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
READINESS: Responses = {503: {"description": "A part does not answer", "content": {"application/json": {}}}}

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
BULK: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "Lines as POST /v1/verifications takes them as JSON"},
                "example": '{"envelope": "eyJ..."}\n{"digest": "00..."}\n',
            }
        },
    }
}
BULK_ANSWER: Responses = {
    200: {
        "description": "One line for each line, in order; the last line is the signed `summary`",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}
VERIFICATION: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/dc+sd-jwt": _ENVELOPE, "application/json": _VERIFICATION},
    }
}
