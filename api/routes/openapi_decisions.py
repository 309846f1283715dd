"""What the OpenAPI document says of decisions."""

from typing import Any

from api.routes.decision_body import MOST
from api.routes.openapi import COUNTRY, ID, Responses
from verifier.consignment.statement import STATEMENTS
from verifier.decision.inspection import Inspection

_TIME = {"type": "string", "maxLength": 40}
_ENVELOPE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["envelope"],
    "properties": {"envelope": {"type": "string"}},
}
_STATEMENT = {
    "type": "object",
    "description": "A document without a signature: its presenter's word only",
    "additionalProperties": False,
    "required": ["kind", "statement"],
    "properties": {"kind": {"enum": list(STATEMENTS)}, "statement": {"type": "object"}},
}
CONSIGNMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["documents"],
                    "properties": {
                        "documents": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MOST,
                            "items": {"oneOf": [_ENVELOPE, _STATEMENT]},
                        },
                        "relying_country": COUNTRY,
                        "at": _TIME,
                        "known_at": _TIME,
                        "policy": {
                            "type": "string",
                            "description": "A policy file (TOML) by which to judge in place of the node's",
                        },
                    },
                },
                "example": {
                    "documents": [
                        {"envelope": "eyJhbGciOiJFUzI1NiIs...~"},
                        {"kind": "commercial-invoice", "statement": {"invoiceNumber": "LY-EX-26-1009"}},
                    ],
                    "relying_country": "SG",
                },
            }
        },
    }
}
_DECISION: dict[str, Any] = {
    "type": "object",
    "required": [
        "consignment",
        "asked",
        "documents",
        "findings",
        "operators",
        "facts",
        "recommendation",
        "policy",
        "sampling",
        "as_of",
        "answered_by",
        "signature",
    ],
    "properties": {
        "consignment": {"type": "string"},
        "documents": {"type": "array", "items": {"type": "object", "required": ["document", "nature", "verdict"]}},
        "findings": {"type": "array", "items": {"type": "object", "required": ["code", "outcome", "between"]}},
        "recommendation": {
            "type": "object",
            "required": ["inspection", "text", "decided_by", "raised_by", "rules"],
            "properties": {"inspection": {"enum": list(Inspection)}},
        },
        "policy": {"type": "object", "required": ["name", "version", "sha256"]},
        "answered_by": ID,
        "signature": {
            "type": "string",
            "description": "Detached JWS over the RFC 8785 bytes of all other members, by the `answers` key",
        },
    },
}
DECISION: Responses = {
    200: {"description": "A signed answer", "content": {"application/json": {"schema": _DECISION}}},
}
