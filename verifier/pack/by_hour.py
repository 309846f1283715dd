"""An anchor by the root of its hour: the document's path to its batch, the batch's to the hour's root in the pack."""

from dataclasses import dataclass
from typing import Any

from anchors import hour_root
from anchors.finality import FinalityProof
from ledger.errors import Invalid, Unavailable
from ledger.strict_json import Limits, parse
from verifier.facts import AnchoringFacts, Finality
from verifier.pack.opened import Pack
from verifier.record import Batch, Record

LIMITS = Limits(max_bytes=32 * 1024, max_depth=3, max_members=200)
_LONGEST_PATH = 64
_NUMBERS = ("size", "index", "anchored_at", "hour_index")
_NAMES = {"v", "digest", "root", "path", "hour_path", *_NUMBERS}
_MEND = "take the file as it was made, or have an evidence file made: `portseal evidence`"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A document's place in its batch, and the batch's in its hour. Nothing of it is signed.

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


class ByHour:
    """Who says that the batch is in the registry is the pack's signer: `attested_by` in what it finds."""

    def __init__(self, inclusion: Inclusion, pack: Pack) -> None:
        self._inclusion, self._pack = inclusion, pack

    def find(self, digest: bytes) -> Record | None:
        """Return the place of its document; None for another one."""
        one = self._inclusion
        if digest != one.digest:
            return None
        batch = (one.root, one.size, b"")
        return Record("", "", batch=batch, index=one.index, path=one.path, proof=self._pack.proof)

    def anchoring(self, _batch: Batch) -> AnchoringFacts | None:
        """Return when it was anchored; None if its hour had no batch. Raises Unavailable `pack.hour`, `pack.path`."""
        one = self._inclusion
        number = hour_root.hour_of(one.anchored_at)
        hour = self._pack.hour(number)
        if hour is None:
            return None
        batch = (one.root, one.size, one.anchored_at)
        if not hour_root.verifies(batch, one.hour_index, one.hour_path, hour, number=number):
            raise Unavailable("pack.path", "the path does not lead to the root of its hour", mend=_MEND)
        return AnchoringFacts("", one.anchored_at, self._pack.head.by)

    def finality(self, _proof: FinalityProof) -> Finality:
        """Return what the pack's block rests on."""
        return self._pack.finality


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
    if len(found) != 32 or found.hex() != value:
        raise _malformed(pointer, "64 digits 0-9 a-f")
    return found


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("inclusion.form", f"the place of a document needs {what} here", pointer=pointer, mend=_MEND)
