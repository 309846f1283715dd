"""What is wrong with a JSON text that the strict front does not take, and where."""

import json
from dataclasses import dataclass
from typing import Any

from ledger.errors import Invalid
from ledger.json_number import is_exact_fraction, is_exact_integer
from ledger.json_pointer import append, shown, walk


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in the tree for a value that is refused, until its place is known."""

    code: str
    detail: str
    mend: str
    key: str | None = None


def fault_of(text: str) -> Invalid:
    """Return the first fault of a text that has one: `json.syntax`, `json.duplicate-key`, `json.number`."""
    try:
        value = _READER.decode(text)
    except json.JSONDecodeError as error:
        return Invalid(
            "json.syntax",
            f"the input is not JSON (line {error.lineno}, column {error.colno}: {error.msg})",
            mend="mend the syntax there (RFC 8259)",
        )
    pointer, fault = next((pointer, found) for pointer, found in walk(value) if isinstance(found, _Fault))
    if fault.key is not None:
        pointer = append(pointer, fault.key)
    return Invalid(fault.code, fault.detail, mend=fault.mend, pointer=printable(pointer))


def surrogate_fault(value: Any) -> Invalid | None:
    """Return the first half of a surrogate pair, `json.surrogate`; None if every text is whole."""
    for pointer, found in walk(value):
        texts = [found] if isinstance(found, str) else list(found) if isinstance(found, dict) else []
        if any(not _is_whole(text) for text in texts):
            return Invalid(
                "json.surrogate",
                "a text holds one half of a surrogate pair",
                mend="escape the character with both halves, or write it in UTF-8",
                pointer=printable(pointer),
            )
    return None


def printable(pointer: str) -> str:
    """Return a pointer that an error may show, with `?` for what cannot be written."""
    return shown(pointer).encode("utf-8", "replace").decode("utf-8")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Fault:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    unseen = dict.fromkeys(members)
    twice = next(key for key, _ in pairs if unseen.pop(key, ...) is ...)
    return _Fault("json.duplicate-key", "the member stands twice in its object", "leave one", twice)


def _integer(literal: str) -> int | _Fault:
    if is_exact_integer(literal):
        return int(literal)
    return _Fault("json.number", "the integer is beyond 2^53-1", "give it as a text")


def _fraction(literal: str) -> float | _Fault:
    if is_exact_fraction(literal):
        return float(literal)
    return _Fault("json.number", "the number stands for an integer beyond 2^53-1", "give it as a text")


def _constant(name: str) -> _Fault:
    return _Fault("json.number", f"{name} is not a JSON number", "give a number, or leave it out")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


# The standard library's reader; what it would let pass is left in the tree as a _Fault.
_READER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
