"""The head of a pack: the signed statement of everything else in it (docs/edge-pack.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.compact_jws import CompactJws, read
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.strict_json import Limits
from verifier.pack.body import malformed
from verifier.pack.kinds import KINDS
from verifier.pack.limits import StaleLimits, read_limits

TYPE = "portseal-pack+jwt"
VERSION = 1
LONGEST = 64 * 1024
_LIMITS = Limits(max_bytes=LONGEST, max_depth=6, max_members=2_000)
_HASH = re.compile("[0-9a-f]{64}")
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class BlockName:
    """The block as of which the pack stands; `time` in seconds since the epoch."""

    number: int
    hash: bytes
    time: int


@dataclass(frozen=True, slots=True)
class PackHead:
    """by: the customs that signs. number: from 1. previous: hash of the pack before, None where the maker has none.

    trust: fingerprint of the trust roots that the maker had. made_at: by the maker's clock. body, proof: SHA-256 of the
    unpacked content and of the proof; size: of the content, in bytes. counts: changes by kind. hours: [from, until)
    whose batches are all in. limits: how old the block may be.
    """

    by: str
    number: int
    previous: bytes | None
    chain_id: int
    genesis_hash: bytes
    trust: bytes
    block: BlockName
    made_at: int
    body: bytes
    size: int
    proof: bytes
    counts: Mapping[str, int]
    hours: tuple[int, int]
    limits: StaleLimits

    def claims(self) -> dict[str, Any]:
        """Return what is signed."""
        return {
            "v": VERSION,
            "by": self.by,
            "number": self.number,
            "previous": self.previous.hex() if self.previous else None,
            "chain_id": self.chain_id,
            "genesis_hash": self.genesis_hash.hex(),
            "trust": self.trust.hex(),
            "block": {"number": self.block.number, "hash": self.block.hash.hex(), "time": self.block.time},
            "made_at": self.made_at,
            "body": {"sha256": self.body.hex(), "size": self.size},
            "proof": self.proof.hex(),
            "counts": dict(self.counts),
            "hours": {"from": self.hours[0], "until": self.hours[1]},
            "limits": self.limits.to_json(),
        }


def pack_hash(text: str) -> bytes:
    """Return the name of a pack: SHA-256 over its signed head."""
    return sha256(text.encode("ascii")).digest()


def read_head(text: str) -> tuple[PackHead, CompactJws]:
    """Read a head, whose signature is still to be checked. Raises Invalid `pack.*` with a pointer."""
    if len(text) > 2 * LONGEST or not text.isascii():
        raise malformed("/head", "a signed head")
    token = read(text, TYPE, _LIMITS, family="pack")
    return _head(token.claims), token


def _head(claims: dict[str, Any]) -> PackHead:
    found = _members(claims, "", *_NAMES)
    if found["v"] != VERSION or type(found["v"]) is not int:
        detail = f"the pack is of version {found['v']!r}, and this software reads version {VERSION}"
        raise Invalid("pack.version", detail[:120], pointer="/v", mend="use a newer edition of Portseal")
    block, body = (
        _members(found["block"], "/block", "number", "hash", "time"),
        _members(found["body"], "/body", "sha256", "size"),
    )
    hours = _members(found["hours"], "/hours", "from", "until")
    counts = _members(found["counts"], "/counts", *KINDS)
    number = _number(found["number"], "/number")
    previous = None if found["previous"] is None else _hash(found["previous"], "/previous")
    if number < 1 or (number == 1 and previous is not None):
        raise malformed("/previous", "the hash of the pack before, but for the first")
    return PackHead(
        by=_id(found["by"]),
        number=number,
        previous=previous,
        chain_id=_number(found["chain_id"], "/chain_id"),
        genesis_hash=_hash(found["genesis_hash"], "/genesis_hash"),
        trust=_hash(found["trust"], "/trust"),
        block=BlockName(
            _number(block["number"], "/block/number"),
            _hash(block["hash"], "/block/hash"),
            _number(block["time"], "/block/time"),
        ),
        made_at=_number(found["made_at"], "/made_at"),
        body=_hash(body["sha256"], "/body/sha256"),
        size=_number(body["size"], "/body/size"),
        proof=_hash(found["proof"], "/proof"),
        counts={kind: _number(count, f"/counts/{kind}") for kind, count in counts.items()},
        hours=(_number(hours["from"], "/hours/from"), _number(hours["until"], "/hours/until")),
        limits=read_limits(found["limits"], "/limits"),
    )


_NAMES = (
    *("v", "by", "number", "previous", "chain_id", "genesis_hash", "trust"),
    *("block", "made_at", "body", "proof", "counts", "hours", "limits"),
)


def _members(value: Any, pointer: str, *names: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != set(names):
        raise malformed(pointer, f"exactly {', '.join(names)}")
    return value


def _number(value: Any, pointer: str) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise malformed(pointer, "a whole number")
    return value


def _hash(value: Any, pointer: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise malformed(pointer, "64 digits 0-9 a-f")
    return bytes.fromhex(value)


def _id(value: Any) -> str:
    try:
        to_bytes32(value)
    except (Invalid, TypeError):
        raise malformed("/by", "an authority's id") from None
    return str(value)
