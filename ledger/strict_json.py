"""The strict front of Portseal: bytes to JSON values, with one reading only.

What I-JSON (RFC 7493) forbids is refused here, because two readers could take it for two different documents.
"""

import json
import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NoReturn, TypeAlias

from ledger.errors import Invalid
from ledger.json_fault import fault_of, surrogate_fault
from ledger.json_number import MAX_INTEGER, is_exact_fraction, is_exact_integer

__all__ = ["DEFAULT", "MAX_INTEGER", "JSONValue", "Limits", "is_within", "parse"]

JSONValue: TypeAlias = "dict[str, JSONValue] | list[JSONValue] | str | int | float | bool | None"

# A member has at most two texts, its name and its value.
_QUOTES = 4

_NOT_STRUCTURE = bytes(set(range(256)) - set(b"[]{},"))
_NOT_BRACKETS = _NOT_STRUCTURE + b","
_ONE_BRACKET = bytes.maketrans(b"{}", b"[]")
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1, ord(","): 0}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before any value is built: bytes, depth of nesting, members and elements in all."""

    max_bytes: int = 4 * 1024 * 1024
    max_depth: int = 32
    max_members: int = 200_000


DEFAULT = Limits()


def parse(data: bytes, limits: Limits = DEFAULT) -> JSONValue:
    """Return the JSON value that `data` holds.

    Raises Invalid: `json.too-large`, `json.byte-order-mark`, `json.encoding`, `json.too-deep`, `json.syntax`, and,
    with the pointer of the member, `json.duplicate-key`, `json.number`, `json.surrogate`.
    """
    _check_size(data, limits)
    text = _decode(data)
    if not _is_small(data, limits):
        _check_structure(data, limits)
    try:
        value: JSONValue = _READER.decode(text)
    except ValueError:
        raise fault_of(text) from None
    if b"\\u" in data and _SURROGATE_ESCAPE.search(data) and (fault := surrogate_fault(value)):
        raise fault
    return value


def is_within(data: bytes, limits: Limits) -> bool:
    """Tell whether `data`, if it is JSON, keeps the limits; flat, in linear time, before any value exists."""
    try:
        _check_size(data, limits)
        if not _is_small(data, limits):
            _check_structure(data, limits)
    except Invalid:
        return False
    return True


def _check_size(data: bytes, limits: Limits) -> None:
    if len(data) > limits.max_bytes:
        raise Invalid(
            "json.too-large",
            f"the input has {len(data)} bytes; the limit is {limits.max_bytes}",
            mend="send less; large content belongs into an attachment",
        )


def _decode(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise Invalid("json.byte-order-mark", "the input begins with a byte order mark", mend="send it without")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            "json.encoding", f"the input is not UTF-8 (byte {error.start})", mend="send UTF-8 (RFC 8259 §8.1)"
        ) from None


def _check_structure(data: bytes, limits: Limits) -> None:
    """Count brackets and commas outside texts: flat, in linear time, before any value exists."""
    marks = _outside_texts(data, limits).translate(None, _NOT_STRUCTURE)
    if marks.count(b",") + marks.count(b"[") + marks.count(b"{") > limits.max_members:
        raise _too_many(limits)
    if max(accumulate(map(_STEP.__getitem__, marks)), default=0) > limits.max_depth:
        raise Invalid(
            "json.too-deep", f"the input is nested more than {limits.max_depth} deep", mend="nest it less deeply"
        )


def _is_small(data: bytes, limits: Limits) -> bool:
    """Tell at a glance what is true of most inputs; a member, an element and a quote need a byte each."""
    if len(data) > limits.max_members:
        return False
    if data.count(b"[") + data.count(b"{") <= limits.max_depth:
        return True
    pairs = _outside_texts(data, limits).translate(_ONE_BRACKET, _NOT_BRACKETS)
    for _ in range(limits.max_depth):
        # Takes out the innermost pairs.
        pairs = pairs.replace(b"[]", b"")
        if not pairs:
            return True
    return False


def _outside_texts(data: bytes, limits: Limits) -> bytes:
    """Return what stands between the texts. A backslash outside of one ends the reading anyway, so none is missed."""
    unescaped = data.replace(rb"\\", b"").replace(rb"\"", b"") if b"\\" in data else data
    if unescaped.count(b'"') > _QUOTES * (limits.max_members + 1):
        raise _too_many(limits)
    return b"".join(unescaped.split(b'"')[::2])


def _too_many(limits: Limits) -> Invalid:
    return Invalid(
        "json.too-large", f"the input has more than {limits.max_members} members and elements", mend="split it"
    )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _integer(literal: str) -> int:
    if not is_exact_integer(literal):
        raise ValueError
    return int(literal)


def _fraction(literal: str) -> float:
    if not is_exact_fraction(literal):
        raise ValueError
    return float(literal)


def _constant(_name: str) -> NoReturn:
    raise ValueError


# The standard library's reader, stopping at the first fault. What it was and where, `fault_of` finds out.
_READER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
