"""Where two JSON values differ, to the member."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from ledger.json_pointer import append

NOTHING: Final = "(nothing)"
"""Stands for a member that is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """pointer: RFC 6901, of the report's claims. stated: by the report; found: when the verdict was made again."""

    pointer: str
    stated: Any
    found: Any

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON members."""
        return {"pointer": self.pointer, "stated": self.stated, "found": self.found}


def differences(stated: Any, found: Any, pointer: str = "") -> Iterator[Difference]:
    """Yield every difference, the innermost member each."""
    if isinstance(stated, dict) and isinstance(found, dict):
        for name in sorted(stated.keys() | found.keys()):
            yield from differences(stated.get(name, NOTHING), found.get(name, NOTHING), append(pointer, name))
    elif isinstance(stated, list) and isinstance(found, list):
        for place, (one, other) in enumerate(zip_longest(stated, found, fillvalue=NOTHING)):
            yield from differences(one, other, append(pointer, place))
    elif type(stated) is not type(found) or stated != found:
        yield Difference(pointer, stated, found)
