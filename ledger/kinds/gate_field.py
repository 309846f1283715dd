"""What of a document its gate statement repeats, so that a QR code can say it without the document (docs/gate.md).

Only what the kind never lets a holder withhold: a gate statement is open to whoever has the digest. Texts and lists are
cut to what a QR code has room for, and show that they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

GateValue = str | int | bool | list[str]
Reader = Callable[[Mapping[str, Any]], GateValue | None]
_CUT = "…"


@dataclass(frozen=True)
class GateField:
    """label: its number in the statement, never given anew. name: what JSON calls it. read: None where it is absent."""

    label: int
    name: str
    label_en: str
    label_zh: str
    read: Reader


def text(*path: str, most: int) -> Reader:
    """Read the text at a path of members, cut to at most `most` bytes of UTF-8."""

    def read(document: Mapping[str, Any]) -> str | None:
        found = _at(document, path)
        return cut(found, most) if isinstance(found, str) and found else None

    return read


def flag(*path: str) -> Reader:
    """Read true or false."""

    def read(document: Mapping[str, Any]) -> bool | None:
        found = _at(document, path)
        return found if isinstance(found, bool) else None

    return read


def texts(list_: str, *path: str, most: int, longest: int) -> Reader:
    """Read the first `most` texts at a path in the elements of a list; for an empty path, the elements themselves."""

    def read(document: Mapping[str, Any]) -> list[str] | None:
        found = [_at(element, path) for element in document.get(list_, ())]
        return [cut(one, longest) for one in found if isinstance(one, str) and one][:most] or None

    return read


def count(list_: str) -> Reader:
    """Count the elements of a list."""

    def read(document: Mapping[str, Any]) -> int | None:
        return len(document.get(list_, ())) or None

    return read


def total(list_: str, *path: str) -> Reader:
    """Add up a whole number of each element; None unless all have it."""

    def read(document: Mapping[str, Any]) -> int | None:
        found = [_at(element, path) for element in document.get(list_, ())]
        whole = [int(one) for one in found if isinstance(one, int | float) and one == int(one) and one >= 0]
        return sum(whole) if found and len(whole) == len(found) and sum(whole) < 2**53 else None

    return read


def cut(value: str, most: int) -> str:
    """Return the text, or its beginning with `…`, in at most `most` bytes of UTF-8."""
    data = value.encode("utf-8")
    if len(data) <= most:
        return value
    return data[: most - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
