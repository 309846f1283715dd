"""JSON pointers (RFC 6901): the place of a member, as text."""

from collections.abc import Iterator
from typing import Any

# An error names the place, not the content; a member name of any length would be content.
_LONGEST = 256


def append(pointer: str, token: str | int) -> str:
    """Return the pointer of the member or element `token` of what `pointer` names."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def tokens(pointer: str) -> list[str]:
    """Return the unescaped steps of `pointer`; none for the empty one, which names the whole document."""
    steps = pointer.split("/")[1:]
    return [step.replace("~1", "/").replace("~0", "~") for step in steps] if "~" in pointer else steps


def find(document: Any, pointer: str) -> Any:
    """Return the member of `document` (objects only) at `pointer`; None where there is none."""
    for token in tokens(pointer):
        if not isinstance(document, dict):
            return None
        document = document.get(token)
    return document


def shown(pointer: str) -> str:
    """Return `pointer` if an error may show it, else the nearest ancestor that is short enough."""
    while len(pointer) > _LONGEST:
        pointer = pointer.rpartition("/")[0]
    return pointer


def walk(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with its pointer, in document order. The depth of `value` must be bounded."""
    yield pointer, value
    if isinstance(value, dict):
        for key, member in value.items():
            yield from walk(member, append(pointer, key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from walk(element, append(pointer, index))
