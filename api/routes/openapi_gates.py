"""What the OpenAPI document says of what goes to a gate."""

from typing import Any

from api.routes.openapi import DIGEST

_NUMBER = {"type": "integer", "minimum": 0}
_PATH = {"type": "array", "items": DIGEST, "maxItems": 64, "description": "RFC 9162, the lowest sibling first"}

INCLUSION: dict[str, Any] = {
    "type": "object",
    "required": ["v", "digest", "root", "size", "index", "path", "anchored_at", "hour_index", "hour_path"],
    "additionalProperties": False,
    "properties": {
        "v": {"type": "integer", "enum": [1]},
        "digest": DIGEST,
        "root": DIGEST,
        "size": _NUMBER,
        "index": _NUMBER,
        "path": _PATH,
        "anchored_at": _NUMBER | {"description": "Block time, seconds since 1970"},
        "hour_index": _NUMBER,
        "hour_path": _PATH,
    },
}
