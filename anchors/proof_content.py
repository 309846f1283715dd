"""What a proof of finality holds as JSON, form by form: written here, and read strictly.

checkpoint: {"claims": {..}, "cosignatures": [{"authority", "kid", "jws"}]}; clique: {"headers": ["0x.."]}, the block's
own and its descendants' in order; qbft: {"header": "0x.."}.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.checkpoint import Checkpoint, Cosignature
from ledger.errors import Invalid

LONGEST = 64
"""How many headers a proof holds at most. A block that needs more rests on the proof of a later one."""

_BYTES = re.compile(r"0x(?:[0-9a-f]{2})+")
_COSIGNATURE = {"authority", "kid", "jws"}
_MEND = "ask another node for the proof"


def of_checkpoint(checkpoint: Checkpoint, cosignatures: Iterable[Cosignature]) -> dict[str, Any]:
    """Return the content of a checkpoint's proof."""
    return {"claims": checkpoint.claims(), "cosignatures": [_plain(one) for one in cosignatures]}


def of_headers(headers: Iterable[bytes]) -> dict[str, Any]:
    """Return the content of a Clique proof."""
    return {"headers": [f"0x{header.hex()}" for header in headers]}


def of_header(header: bytes) -> dict[str, Any]:
    """Return the content of a QBFT proof."""
    return {"header": f"0x{header.hex()}"}


def checkpoint_of(content: Mapping[str, Any]) -> tuple[Checkpoint, tuple[Cosignature, ...]]:
    """Read the content of a checkpoint's proof. Raises Invalid `finality.form`."""
    claims, cosignatures = _members(content, "claims", "cosignatures")
    if not isinstance(cosignatures, list) or not all(map(_is_cosignature, cosignatures)):
        raise _malformed("a list of cosignatures", "/cosignatures")
    try:
        checkpoint = Checkpoint.from_claims(claims)
    except Invalid as error:
        raise _malformed(f"claims of a checkpoint ({error.detail})", f"/claims{error.pointer or ''}") from None
    return checkpoint, tuple(Cosignature(**one) for one in cosignatures)


def headers_of(content: Mapping[str, Any]) -> Sequence[bytes]:
    """Read the content of a Clique proof. Raises Invalid `finality.form`."""
    (headers,) = _members(content, "headers")
    if not isinstance(headers, list) or not 1 <= len(headers) <= LONGEST:
        raise _malformed(f"a list of 1 to {LONGEST} headers", "/headers")
    return [_bytes(header, f"/headers/{place}") for place, header in enumerate(headers)]


def header_of(content: Mapping[str, Any]) -> bytes:
    """Read the content of a QBFT proof. Raises Invalid `finality.form`."""
    (header,) = _members(content, "header")
    return _bytes(header, "/header")


def _members(content: Mapping[str, Any], *names: str) -> list[Any]:
    if content.keys() != set(names):
        raise _malformed(f"exactly {', '.join(names)}", "")
    return [content[name] for name in names]


def _plain(one: Cosignature) -> dict[str, str]:
    return {"authority": one.authority, "kid": one.kid, "jws": one.jws}


def _is_cosignature(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == _COSIGNATURE and all(isinstance(v, str) for v in value.values())


def _bytes(value: object, pointer: str) -> bytes:
    if not isinstance(value, str) or not _BYTES.fullmatch(value):
        raise _malformed("0x and bytes in hex", pointer)
    return bytes.fromhex(value[2:])


def _malformed(what: str, pointer: str) -> Invalid:
    return Invalid("finality.form", f"a proof of finality needs {what} here", pointer=pointer, mend=_MEND)
