"""The strict front of Portseal: bytes to JSON values, with one reading only.

What I-JSON (RFC 7493) forbids is refused here, because two readers could take it for two different documents.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NoReturn, TypeAlias

from ledger.errors import Invalid
from ledger.json_pointer import append, shown, walk

JSONValue: TypeAlias = "dict[str, JSONValue] | list[JSONValue] | str | int | float | bool | None"

MAX_INTEGER = 2**53 - 1
"""The largest integer that every reader takes for the same number (RFC 7493 §2.2)."""

# From here on RFC 8785 writes a number with an exponent, and nobody takes it for an integer.
_FIRST_WITH_EXPONENT = 1e21
_INFINITY = float("inf")
_LONGEST_INTEGER = 17
# A member has at most two texts, its name and its value.
_QUOTES = 4

_NOT_STRUCTURE = bytes(set(range(256)) - set(b"[]{},"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1, ord(","): 0}
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before any value is built: bytes, depth of nesting, members and elements in all."""

    max_bytes: int = 4 * 1024 * 1024
    max_depth: int = 32
    max_members: int = 200_000


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the tree for a value that is refused, until its place is known."""

    code: str
    detail: str
    mend: str
    key: str | None = None


def parse(data: bytes, limits: Limits = DEFAULT) -> JSONValue:
    """Return the JSON value that `data` holds.

    Raises Invalid: `json.too-large`, `json.byte-order-mark`, `json.encoding`, `json.too-deep`, `json.syntax`, and,
    with the pointer of the member, `json.duplicate-key`, `json.number`, `json.surrogate`.
    """
    _check_size(data, limits)
    text = _decode(data)
    _check_structure(data, limits)
    reader = _Reader()
    value: JSONValue = reader.read(text)
    if reader.faults:
        _raise_first(value)
    if _SURROGATE_ESCAPE.search(data):
        _refuse_surrogates(value)
    return value


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


@dataclass(slots=True)
class _Reader:
    """The standard library's reader; what it would let pass is left in the tree as a _Fault."""

    faults: list[_Fault] = field(default_factory=list)

    def read(self, text: str) -> Any:
        decoder = json.JSONDecoder(
            object_pairs_hook=self._members,
            parse_int=self._integer,
            parse_float=self._fraction,
            parse_constant=self._constant,
        )
        try:
            return decoder.decode(text)
        except json.JSONDecodeError as error:
            raise Invalid(
                "json.syntax",
                f"the input is not JSON (line {error.lineno}, column {error.colno}: {error.msg})",
                mend="mend the syntax there (RFC 8259)",
            ) from None

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Fault:
        members = dict(pairs)
        if len(members) == len(pairs):
            return members
        unseen = dict.fromkeys(members)
        twice = next(key for key, _ in pairs if unseen.pop(key, ...) is ...)
        return self._fault("json.duplicate-key", "the member stands twice in its object", "leave one", twice)

    def _integer(self, literal: str) -> int | _Fault:
        if len(literal) <= _LONGEST_INTEGER and -MAX_INTEGER <= (number := int(literal)) <= MAX_INTEGER:
            return number
        return self._fault("json.number", "the integer is beyond 2^53-1", "give it as a text")

    def _fraction(self, literal: str) -> float | _Fault:
        number = float(literal)
        size = abs(number)
        if size <= MAX_INTEGER or _FIRST_WITH_EXPONENT <= size < _INFINITY:
            return number
        return self._fault("json.number", "the number stands for an integer beyond 2^53-1", "give it as a text")

    def _constant(self, name: str) -> _Fault:
        return self._fault("json.number", f"{name} is not a JSON number", "give a number, or leave it out")

    def _fault(self, code: str, detail: str, mend: str, key: str | None = None) -> _Fault:
        self.faults.append(_Fault(code, detail, mend, key))
        return self.faults[-1]


def _raise_first(value: Any) -> NoReturn:
    pointer, fault = next((pointer, found) for pointer, found in walk(value) if isinstance(found, _Fault))
    if fault.key is not None:
        pointer = append(pointer, fault.key)
    raise Invalid(fault.code, fault.detail, mend=fault.mend, pointer=_printable(pointer))


def _refuse_surrogates(value: Any) -> None:
    for pointer, found in walk(value):
        texts = [found] if isinstance(found, str) else list(found) if isinstance(found, dict) else []
        if any(not _is_whole(text) for text in texts):
            raise Invalid(
                "json.surrogate",
                "a text holds one half of a surrogate pair",
                mend="escape the character with both halves, or write it in UTF-8",
                pointer=_printable(pointer),
            )


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _printable(pointer: str) -> str:
    return shown(pointer).encode("utf-8", "replace").decode("utf-8")
