"""The canonical form of a JSON value (RFC 8785, JCS): one value, one string of bytes."""

from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any

import rfc8785

from ledger.errors import Invalid
from ledger.json_pointer import shown, walk
from ledger.strict_json import JSONValue


def canonicalize(value: JSONValue) -> bytes:
    """Return the RFC 8785 bytes of `value`.

    Raises Invalid `canonical.value`, with the pointer of the first value that has no canonical form: an int beyond
    2^53-1, NaN, an infinity, half of a surrogate pair, a key that is no text, a Python object that is not JSON.
    """
    try:
        return _text(value).encode("utf-8")
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, AttributeError, TypeError):
        raise _invalid(_first_wrong(value)) from None
    except RecursionError:
        raise _invalid("") from None


def _text(value: Any) -> str:
    """Write texts, lists and objects by the standard library's C code: rfc8785 alone takes four times as long."""
    form = type(value)
    if form is str:
        return encode_basestring(value)
    if form is dict:
        members = [f"{encode_basestring(key)}:{_text(value[key])}" for key in _in_order(value)]
        return "{" + ",".join(members) + "}"
    if form is list:
        return "[" + ",".join(map(_text, value)) + "]"
    return rfc8785.dumps(value).decode("utf-8")


def _in_order(keys: Iterable[str]) -> list[str]:
    """Sort by UTF-16 code units (RFC 8785 §3.2.3), which for ASCII is the order of Python."""
    if all(map(str.isascii, keys)):
        return sorted(keys)
    return sorted(keys, key=lambda key: key.encode("utf-16-be"))


def _first_wrong(value: JSONValue) -> str:
    for pointer, found in walk(value):
        if isinstance(found, dict):
            if not all(isinstance(key, str) and _has_form(key) for key in found):
                return pointer
        elif not isinstance(found, list) and not _has_form(found):
            return pointer
    return ""


def _has_form(scalar: Any) -> bool:
    try:
        rfc8785.dumps(scalar)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return False
    return True


def _invalid(pointer: str) -> Invalid:
    return Invalid(
        "canonical.value",
        "the value has no canonical form (RFC 8785)",
        mend="give a large number as a text, and every character whole",
        pointer=shown(pointer).encode("utf-8", "replace").decode("utf-8"),
    )
