"""The signed claims of an envelope: which members, of which form."""

import re
from collections.abc import Mapping
from typing import Any, Final

from ledger import base64url
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.strict_json import MAX_INTEGER

REQUIRED: Final = ("_sd_alg", "attachments", "document", "iat", "iss", "jti", "vct")
OPTIONAL: Final = ("exp", "nbf")

_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")


def check_claims(claims: Mapping[str, Any]) -> None:
    """Raise Invalid `envelope.claims`, with the pointer of the member, unless the claims have the form of ours."""
    for name in REQUIRED:
        if name not in claims:
            raise _invalid(name, f"{name} is missing")
    for name, value in claims.items():
        if name not in REQUIRED and name not in OPTIONAL:
            raise _invalid(name, "an envelope does not have this claim")
        if not _is_right(name, value):
            raise _invalid(name, f"{name} {_FORMS[name]}")


def _is_right(name: str, value: Any) -> bool:
    if name in ("iat", "exp", "nbf"):
        return type(value) is int and 0 <= value <= MAX_INTEGER
    if name == "document":
        return isinstance(value, dict)
    if name == "attachments":
        return isinstance(value, list) and all(_is_digest(element) for element in value)
    return isinstance(value, str) and _is_right_text(name, value)


def _is_right_text(name: str, value: str) -> bool:
    try:
        if name == "jti":
            return len(base64url.decode(value)) == 16
        if name == "iss":
            return bool(to_bytes32(value))
    except Invalid:
        return False
    return name == "vct" or value == "sha-256"


def _is_digest(element: object) -> bool:
    if not isinstance(element, dict) or set(element) != {"..."} or not isinstance(element["..."], str):
        return False
    return bool(_DIGEST.fullmatch(element["..."]))


_FORMS = {
    "_sd_alg": "is not sha-256",
    "attachments": "is not an array of {'...': digest}, each a disclosure of its own",
    "document": "is not an object",
    "exp": "is not a time in whole seconds since 1970",
    "iat": "is not a time in whole seconds since 1970",
    "iss": "is not the id of an issuer",
    "jti": "is not 128 bits in base64url without padding",
    "nbf": "is not a time in whole seconds since 1970",
    "vct": "is not a text",
}


def _invalid(name: str, detail: str) -> Invalid:
    return Invalid(
        "envelope.claims",
        detail,
        pointer="/" + name[:64].replace("~", "~0").replace("/", "~1"),
        mend="issue the envelope with the claims that docs/envelope.md lists",
    )
