"""The form of a checkpoint's claims, read strictly."""

import re
from typing import Any

from ledger.change_head import ChangeHead
from ledger.errors import Invalid

_HASH = re.compile(r"0x[0-9a-f]{64}")
_NUMBERS = ("chain_id", "number", "time")
_HASHES = ("genesis_hash", "block_hash", "state_root")
_MEMBERS = {*_NUMBERS, *_HASHES, "heads"}
_HEAD = {"count", "head"}


def checkpoint_fields(claims: object) -> dict[str, Any]:
    """Return the fields of Checkpoint. Raises Invalid `checkpoint.form` with the pointer of the wrong member."""
    found = _object(claims, _MEMBERS, "")
    heads = found["heads"]
    if not isinstance(heads, dict):
        raise _malformed("/heads", "an object")
    return {
        **{name: _number(found[name], f"/{name}") for name in _NUMBERS},
        **{name: _hash(found[name], f"/{name}") for name in _HASHES},
        "heads": {name: _head(head, f"/heads/{name}") for name, head in heads.items()},
    }


def _head(value: object, pointer: str) -> ChangeHead:
    found = _object(value, _HEAD, pointer)
    return ChangeHead(_number(found["count"], f"{pointer}/count"), _hash(found["head"], f"{pointer}/head"))


def _object(value: object, members: set[str], pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != members:
        raise _malformed(pointer, f"an object with exactly {', '.join(sorted(members))}")
    return value


def _number(value: object, pointer: str) -> int:
    if type(value) is not int or value < 0:
        raise _malformed(pointer, "a whole number, not negative")
    return value


def _hash(value: object, pointer: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise _malformed(pointer, "0x and 64 digits 0-9 a-f")
    return bytes.fromhex(value[2:])


def _malformed(pointer: str, what: str) -> Invalid:
    mend = "ask for the checkpoint again"
    return Invalid("checkpoint.form", f"a checkpoint needs {what} here", pointer=pointer, mend=mend)
