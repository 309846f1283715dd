"""A verdict that a device without a line gave, as it signed and kept it: a compact JWS, each naming the one before.

NDJSON of them is `application/x-ndjson` of JWS texts without quotes: a line is a token.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.compact_jws import check_signature, read
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey
from ledger.strict_json import Limits

TYPE = "portseal-offline-verdict+jwt"
VERSION = 1
LONGEST = 128 * 1024
"""Characters of one line."""
LIMITS = Limits(max_bytes=96 * 1024, max_depth=12, max_members=4_000)

_NAMES = frozenset({"v", "number", "previous", "device", "customs", "at", "highest_time", "pack", "risk", "verdict"})
_HASH = re.compile("[0-9a-f]{64}")
_LARGEST = 2**53
_MEND = "hand in the lines as the device keeps them: `portseal gate upload`"


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """line: as it was signed. previous: hash of the line before, None for number 1. Times in seconds since the epoch.

    digest: of the document; None where what was presented could not be read. authentic, usable: the verdict.
    """

    line: str
    device: PublicKey
    number: int
    previous: bytes | None
    customs: str
    at: int
    digest: bytes | None
    authentic: str
    usable: str
    relying_country: str | None

    @property
    def hash(self) -> bytes:
        """The hash by which the next one names this one."""
        return line_hash(self.line)


def line_hash(line: str) -> bytes:
    """Return the hash of a line, 32 bytes."""
    return sha256(line.encode("ascii")).digest()


def read_line(line: str) -> OfflineVerdict:
    """Read a line and check its signature by the device that it names. Raises Invalid `offline-verdict.*`, `jwk.*`."""
    if len(line) > LONGEST or not line.isascii():
        raise _malformed("", f"a compact JWS of at most {LONGEST} characters")
    token = read(line, TYPE, LIMITS, family="offline-verdict")
    claims = token.claims
    if claims.keys() != _NAMES or claims["v"] != VERSION or type(claims["v"]) is not int:
        raise _malformed("", f"exactly {', '.join(sorted(_NAMES))}, version {VERSION}")
    device = PublicKey.from_jwk(_object(claims["device"], "/device"))
    if not device.algorithm.signs:
        raise _malformed("/device", "a key that signs")
    check_signature(token, device, family="offline-verdict")
    return _verdict(line, device, claims)


def _verdict(line: str, device: PublicKey, claims: dict[str, Any]) -> OfflineVerdict:
    verdict = _object(claims["verdict"], "/verdict")
    number, previous = _number(claims["number"], "/number"), claims["previous"]
    if number < 1 or (number == 1) != (previous is None):
        raise _malformed("/previous", "the hash of the line before, but for the first")
    asked = _object(verdict.get("asked"), "/verdict/asked")
    digest, country = verdict.get("digest"), asked.get("relying_country")
    if country is not None and not isinstance(country, str):
        raise _malformed("/verdict/asked/relying_country", "a country or nothing")
    return OfflineVerdict(
        line=line,
        device=device,
        number=number,
        previous=None if previous is None else _hash(previous, "/previous"),
        customs=_id(claims["customs"]),
        at=_number(claims["at"], "/at"),
        digest=None if digest is None else _hash(digest, "/verdict/digest"),
        authentic=_text(verdict.get("authentic"), "/verdict/authentic"),
        usable=_text(verdict.get("usable"), "/verdict/usable"),
        relying_country=country,
    )


def _object(value: Any, pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed(pointer, "an object")
    return value


def _number(value: Any, pointer: str) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise _malformed(pointer, "a whole number")
    return value


def _hash(value: Any, pointer: str) -> bytes:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise _malformed(pointer, "64 digits 0-9 a-f")
    return bytes.fromhex(value)


def _text(value: Any, pointer: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 32:
        raise _malformed(pointer, "a word")
    return value


def _id(value: Any) -> str:
    try:
        to_bytes32(value)
    except (Invalid, TypeError):
        raise _malformed("/customs", "an authority's id") from None
    return str(value)


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("offline-verdict.form", f"a verdict needs {what} here", pointer=pointer, mend=_MEND)
