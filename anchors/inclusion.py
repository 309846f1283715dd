"""Where a document stands in its batch, and the batch in its hour: a file that takes evidence's place at a gate.

JSON (docs/edge-pack.md). Nothing of it is signed: it has to lead to the root of an hour that the reader has from
elsewhere.
"""

from dataclasses import dataclass
from typing import Any, Final

from anchors import hour_root, merkle
from ledger.errors import Invalid
from ledger.strict_json import Limits, parse

LIMITS: Final = Limits(max_bytes=32 * 1024, max_depth=3, max_members=200)
_LONGEST_PATH = 64
_NUMBERS = ("size", "index", "anchored_at", "hour_index")
_NAMES = {"v", "digest", "root", "path", "hour_path", *_NUMBERS}
_MEND = "take the file as it was made, or have it made again: `portseal inclusion`"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A document's place in its batch, and the batch's in its hour.

    path, hour_path: RFC 9162, the lowest sibling first. anchored_at: block time, seconds since the epoch.
    """

    digest: bytes
    root: bytes
    size: int
    index: int
    path: tuple[bytes, ...]
    anchored_at: int
    hour_index: int
    hour_path: tuple[bytes, ...]

    @property
    def hour(self) -> int:
        """The hour whose root decides."""
        return hour_root.hour_of(self.anchored_at)

    @property
    def is_in_batch(self) -> bool:
        """Whether the path leads from the document to the batch's root."""
        return merkle.verify_inclusion(self.digest, self.index, self.size, self.path, self.root)

    def is_in_hour(self, hour: tuple[bytes, int]) -> bool:
        """Tell whether the batch lies under the root of its hour, (root, size)."""
        batch = (self.root, self.size, self.anchored_at)
        return hour_root.verifies(batch, self.hour_index, self.hour_path, hour, number=self.hour)

    def to_json(self) -> dict[str, Any]:
        """Return the members of the file."""
        return {
            "v": 1,
            "digest": self.digest.hex(),
            "root": self.root.hex(),
            "size": self.size,
            "index": self.index,
            "path": [one.hex() for one in self.path],
            "anchored_at": self.anchored_at,
            "hour_index": self.hour_index,
            "hour_path": [one.hex() for one in self.hour_path],
        }


def read_inclusion(data: bytes) -> Inclusion:
    """Read a file. Raises Invalid `inclusion.form` with a pointer, `json.*`."""
    found: Any = parse(data, LIMITS)
    if not isinstance(found, dict) or found.keys() != _NAMES or found["v"] != 1 or type(found["v"]) is not int:
        raise _malformed("", f"exactly {', '.join(sorted(_NAMES))}, version 1")
    for name in _NUMBERS:
        if type(found[name]) is not int or not 0 <= found[name] < 2**53:
            raise _malformed(f"/{name}", "a whole number")
    return Inclusion(
        digest=_hash(found["digest"], "/digest"),
        root=_hash(found["root"], "/root"),
        path=_path(found["path"], "/path"),
        hour_path=_path(found["hour_path"], "/hour_path"),
        **{name: found[name] for name in _NUMBERS},
    )


def _path(value: Any, pointer: str) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > _LONGEST_PATH:
        raise _malformed(pointer, f"a list of at most {_LONGEST_PATH} hashes")
    return tuple(_hash(one, f"{pointer}/{place}") for place, one in enumerate(value))


def _hash(value: Any, pointer: str) -> bytes:
    try:
        found = bytes.fromhex(value) if isinstance(value, str) and len(value) == 64 else b""
    except ValueError:
        found = b""
    if len(found) != merkle.HASH_SIZE or found.hex() != value:
        raise _malformed(pointer, "64 digits 0-9 a-f")
    return found


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("inclusion.form", f"the place of a document needs {what} here", pointer=pointer, mend=_MEND)
