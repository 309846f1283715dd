"""The canonical form of a JSON value (RFC 8785, JCS): one value, one string of bytes."""

import json
import re
from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, NoReturn

import rfc8785

from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_number import MAX_INTEGER, is_exact_integer
from ledger.json_pointer import walk
from ledger.strict_json import DEFAULT, JSONValue, Limits, is_within, parse


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


def parse_canonical(data: bytes, limits: Limits = DEFAULT) -> JSONValue:
    """Return the value whose RFC 8785 bytes are `data`.

    Raises what `strict_json.parse` raises, and Invalid `canonical.form` for other bytes of a value.
    """
    value = _at_a_glance(data) if is_within(data, limits) else None
    if value is not None:
        return value
    value = parse(data, limits)
    if canonicalize(value) != data:
        raise Invalid("canonical.form", "the bytes are not in the form of RFC 8785", mend="canonicalize the value")
    return value


def _at_a_glance(data: bytes) -> JSONValue:
    """Return the value if the standard library writes it as `data`, and that is surely RFC 8785; otherwise None.

    It surely is if every fraction stands as both write it, no integer is beyond 2^53-1 and no character beyond the
    first plane: without these the order of code points is that of UTF-16 units (RFC 8785 §3.2.3). What is written has
    no member twice.
    """
    try:
        text = data.decode("utf-8")
        value: JSONValue = _SIMPLE.decode(text)
    except ValueError:
        return None
    is_surely = text.isascii() or not _BEYOND_FIRST_PLANE.search(text)
    return value if is_surely and _WRITER.encode(value) == text else None


def _simple_integer(literal: str) -> int:
    if not is_exact_integer(literal):
        raise ValueError
    return int(literal)


def _simple_fraction(literal: str) -> float:
    number = float(literal)
    if repr(number) != literal or not _is_simple(literal):
        raise ValueError
    return number


def _is_simple(written: str) -> bool:
    """Tell whether RFC 8785 writes a fraction as Python does: the same digits, but no `1.0` and other exponents."""
    return "e" not in written and "n" not in written and not written.endswith(".0")


def _not_simple(_literal: str) -> NoReturn:
    raise ValueError


_BEYOND_FIRST_PLANE = re.compile("[\U00010000-\U0010ffff]")
_SIMPLE = json.JSONDecoder(parse_int=_simple_integer, parse_float=_simple_fraction, parse_constant=_not_simple)
_LITERALS = {None: "null", True: "true", False: "false"}
_WRITER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))


def _text(value: Any) -> str:
    """Write texts, lists and objects by the standard library's C code: rfc8785 alone takes six times as long."""
    form = type(value)
    if form is str:
        return encode_basestring(value)
    if form is dict:
        return "{" + ",".join([f"{encode_basestring(key)}:{_text(value[key])}" for key in _in_order(value)]) + "}"
    if form is list:
        return "[" + ",".join([_text(element) for element in value]) + "]"
    if value is None or form is bool:
        return _LITERALS[value]
    if form is int and -MAX_INTEGER <= value <= MAX_INTEGER:
        return str(value)
    if form is float and _is_simple(repr(value)):
        return repr(value)
    return rfc8785.dumps(value).decode("utf-8")


def _in_order(keys: Iterable[str]) -> list[str]:
    """Sort by UTF-16 code units (RFC 8785 §3.2.3), which for ASCII is the order of Python."""
    if "".join(keys).isascii():
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
        pointer=printable(pointer),
    )
