"""What the OpenAPI document says of signed intents."""

from typing import Any

from api.routes.openapi import DIGEST, KEYED, PROBLEM, READING, Responses
from ledger.intent_form import MEMBERS, MOST_WORDS
from ledger.json_number import MAX_INTEGER
from ledger.registries import NAMES

INTENT = DIGEST
WORD = {"type": "string", "pattern": "^0x[0-9a-f]{64}$"}
SIGNER = {"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": MAX_INTEGER}

INTENT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "required": list(MEMBERS),
                "properties": {
                    "registry": {"type": "string", "enum": list(NAMES)},
                    "chain_id": _NUMBER,
                    "contract": {"type": "string", "pattern": SIGNER["pattern"], "description": "EIP-55 form"},
                    "signer": {"type": "string", "pattern": SIGNER["pattern"], "description": "EIP-55 form"},
                    "action": {"type": "string", "description": "the function's signature, as in the ABI"},
                    "arguments": {"type": "array", "items": WORD, "maxItems": MOST_WORDS},
                    "subject": WORD,
                    "nonce": _NUMBER,
                    "deadline": {**_NUMBER, "description": "seconds since 1970, inclusive"},
                    "signature": {"type": "string", "pattern": "^0x[0-9a-f]{130}$"},
                },
            },
            "example": {
                "registry": "OperatorRegistry",
                "chain_id": 87001,
                "contract": "0x5FbDB2315678afecb367f032d93F642f64180aa3",
                "signer": "0x6ed9f0dF4E1D68530c913F36E9F1621f332Dc8eF",
                "action": "suspend(bytes32[],uint32)",
                "arguments": [f"0x{value:064x}" for value in (64, 0, 1, 2**255)],
                "subject": "0x" + "5f" * 32,
                "nonce": 0,
                "deadline": 1_800_000_000,
                "signature": "0x" + "11" * 64 + "1b",
            },
        }
    },
}

_OBJECT: dict[str, Any] = {"content": {"application/json": {"schema": {"type": "object"}}}}
RELAYED: Responses = {200: {"description": "As the chain has it now", **_OBJECT}}
RELAYING: Responses = {
    **READING,
    **RELAYED,
    202: {
        "description": "Sent; it waits for a block",
        "headers": {"Location": {"description": "Where its state is told", "schema": {"type": "string"}}},
        **_OBJECT,
    },
    403: KEYED[403],
    409: KEYED[409],
    429: {
        "description": "Too many intents of this signer; again after Retry-After seconds",
        "content": {"application/problem+json": {"schema": PROBLEM}},
    },
}
