"""One disclosure of an SD-JWT: [salt, name, value] of an object member, [salt, value] of an array element.

RFC 9901 §4.2. Its digest covers the base64url text, so any JSON of it is taken and none is ever written again.
"""

import hashlib
import secrets
from typing import Any, Final, NamedTuple

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import limits
from ledger.errors import Invalid
from ledger.strict_json import JSONValue, parse

RESERVED: Final = ("_sd", "...")
"""The two names that carry digests, and nothing else (RFC 9901 §4.1)."""


class Disclosure(NamedTuple):
    """`text` as it stands between the tildes, and what it says; `name` is None for an array element.

    digest: base64url of SHA-256 of the text (RFC 9901 §4.2.3, `sha-256`). is_plain: the value holds no digests.
    """

    text: str
    salt: str
    name: str | None
    value: Any
    digest: str
    is_plain: bool


def make(name: str | None, value: JSONValue) -> Disclosure:
    """Return a new disclosure with a salt of 128 random bits."""
    salt = base64url.encode(secrets.token_bytes(16))
    content = canonicalize([salt, value] if name is None else [salt, name, value])
    return _disclosure(base64url.encode(content), content, salt, name, value)


def read(text: str) -> Disclosure:
    """Take a disclosure apart (RFC 9901 §7.1, steps 3.c.ii and 3.c.iii).

    Raises Invalid `envelope.base64url`, `envelope.json`, `envelope.disclosure`, `envelope.disclosure-name`.
    """
    data, content = _content(text)
    if not isinstance(content, list) or len(content) not in (2, 3) or not isinstance(content[0], str):
        raise _invalid("it is not [salt, name, value] or [salt, value]")
    name = content[1] if len(content) == 3 else None
    if not (isinstance(name, str) or (name is None and len(content) == 2)):
        raise _invalid("its name is not a text")
    if name in RESERVED:
        raise Invalid(
            "envelope.disclosure-name",
            f"a disclosure has the reserved name {name}",
            mend="ask the issuer for a new envelope",
        )
    return _disclosure(text, data, content[0], name, content[-1])


def _disclosure(text: str, content: bytes, salt: str, name: str | None, value: Any) -> Disclosure:
    digest = base64url.encode(hashlib.sha256(text.encode("ascii")).digest())
    return Disclosure(text, salt, name, value, digest, not _may_hold_digests(content))


def _may_hold_digests(content: bytes) -> bool:
    # The names `_sd`, `_sd_alg` and `...` stand like this, if no escape hides one.
    return b'"_sd' in content or b'"..."' in content or b"\\" in content


def _content(text: str) -> tuple[bytes, JSONValue]:
    try:
        data = base64url.decode(text)
        return data, parse(data, limits.JSON)
    except Invalid as error:
        code = "envelope.base64url" if error.code == "base64url.form" else "envelope.json"
        raise Invalid(code, f"a disclosure: {error.detail}", mend=error.mend) from None


def _invalid(detail: str) -> Invalid:
    return Invalid("envelope.disclosure", f"a disclosure is wrong: {detail}", mend="present the disclosures as issued")
