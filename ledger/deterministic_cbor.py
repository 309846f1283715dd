"""Deterministic CBOR (RFC 8949 §4.2): one value, one sequence of bytes.

Values are int, bool, str, bytes, None, list and dict with text keys (or numbers as keys, where a format is numbered);
our formats hold nothing else. Reading refuses everything that another writer would have written otherwise: what was
read is written again and compared.
"""

from collections.abc import Callable
from typing import Any

import cbor2

from ledger.errors import Invalid

MAX_DEPTH = 8


def encode(value: object) -> bytes:
    """Return the bytes of `value`: shortest lengths, keys in order, nothing of indefinite length.

    Raises Invalid `cbor.value` for a text with half a surrogate pair.
    """
    try:
        return cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ValueError) as error:
        raise Invalid("cbor.value", "a value has no form in CBOR", mend="give texts of whole characters") from error


def decode(data: bytes, what: str, tags: frozenset[int] = frozenset(), *, is_numbered: bool = False) -> Any:
    """Return the value of `data`; of tags only `tags` are taken, as CBORTag. Bound the size before.

    is_numbered: keys of maps may be other than texts; which they are is for the caller to check.

    Raises Invalid `<what>.form` where `data` is not the deterministic form of one value.
    """
    try:
        value = cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=not is_numbered,
            semantic_decoders=_EveryTag(tags),
        )
        deterministic = encode(value) == data
    except (cbor2.CBORError, Invalid, ValueError, OverflowError) as error:
        raise _no_form(what) from error
    if not deterministic:
        raise _no_form(what)
    return value


class _EveryTag(dict[int, Callable[[Any, bool], Any]]):
    """A decoder for every tag, so that no tag runs the library's own (dates, regular expressions, e-mail)."""

    def __init__(self, allowed: frozenset[int]) -> None:
        super().__init__({tag: _keep(tag) for tag in allowed})

    def __missing__(self, tag: int) -> Callable[[Any, bool], Any]:
        return _refuse

    def get(self, tag: int, default: object = None) -> Callable[[Any, bool], Any]:
        return self[tag]


def _keep(tag: int) -> Callable[[Any, bool], Any]:
    return lambda value, _immutable: cbor2.CBORTag(tag, value)


def _refuse(_value: object, _immutable: bool) -> None:
    raise ValueError("a tag")


def _no_form(what: str) -> Invalid:
    return Invalid(f"{what}.form", f"the {what} is not deterministic CBOR", mend="take the bytes as they were made")
