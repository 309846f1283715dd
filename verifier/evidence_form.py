"""The parts that our files of evidence are made of, read strictly: exactly what may stand there, nothing besides."""

from itertools import pairwise
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode
from ledger.errors import Invalid
from verifier.evidence_file import MAX_BYTES
from verifier.hand_over_file import MOST_HAND_OVERS, HandOver, are_hand_overs

MOST_NODES = 100_000
MOST_ITEMS = 110_000
MEND = "get the file again from whoever made it, or have a new one made: `portseal evidence`"
_LONGEST_NODE, _LONGEST_TEXT = 600, 128
HASH_SIZE = 32
_LARGEST = 2**64


def read_form(data: bytes, version: int) -> dict[str, Any]:
    """Return the members of a file of that version. Raises Invalid `evidence.size`, `.form`, `.version`."""
    if len(data) > MAX_BYTES:
        raise Invalid("evidence.size", f"an evidence file has at most {MAX_BYTES} bytes", mend=MEND)
    check_items(data, MOST_ITEMS, "evidence")
    found = decode(data, "evidence")
    stated = found.get("v") if isinstance(found, dict) else None
    if type(stated) is not int:
        raise malformed("/v", "its version")
    if stated != version:
        detail = f"the file is of version {stated}, and this software reads version {version}"
        raise Invalid("evidence.version", detail, mend="use a newer edition of Portseal")
    return dict(found)


def hand_overs(value: Any) -> tuple[HandOver, ...]:
    """Read hand-overs."""
    if not are_hand_overs(value):
        raise malformed("/hand_overs", f"at most {MOST_HAND_OVERS} checkpoints or headers in a list")
    return tuple(value)


def nodes(value: Any) -> tuple[bytes, ...]:
    """Read nodes of the state."""
    found = list_(value, "/nodes", MOST_NODES, _LONGEST_NODE)
    if any(one >= next_ for one, next_ in pairwise(found)):
        raise malformed("/nodes", "nodes in ascending order, each once")
    return tuple(found)


def members(value: Any, pointer: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Read a map with exactly these members."""
    if not isinstance(value, dict) or value.keys() != set(names):
        raise malformed(pointer, f"exactly {', '.join(names)}")
    return value


def list_(value: Any, pointer: str, most: int, longest: int) -> list[bytes]:
    """Read a list of byte strings."""
    if not isinstance(value, list) or len(value) > most:
        raise malformed(pointer, f"a list of at most {most}")
    if not all(isinstance(one, bytes) and len(one) <= longest for one in value):
        raise malformed(pointer, f"byte strings of at most {longest} bytes")
    return value


def bytes_(value: Any, pointer: str) -> bytes:
    """Read a hash."""
    if not isinstance(value, bytes) or len(value) != HASH_SIZE:
        raise malformed(pointer, "32 bytes")
    return value


def number(value: Any, pointer: str) -> int:
    """Read a number of 64 bits."""
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise malformed(pointer, "a whole number from 0 to 2^64-1")
    return value


def text(value: Any, pointer: str, longest: int = _LONGEST_TEXT) -> str:
    """Read a text."""
    if not isinstance(value, str) or len(value) > longest:
        raise malformed(pointer, f"a text of at most {longest} characters")
    return value


def optional_text(value: Any, pointer: str) -> str | None:
    """Read a text or null."""
    return None if value is None else text(value, pointer)


def malformed(pointer: str, what: str) -> Invalid:
    """Return the fault of something else than `what` at a pointer."""
    return Invalid("evidence.form", f"an evidence file needs {what} here", pointer=pointer, mend=MEND)
