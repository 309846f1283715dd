"""Public keys: as JWK (RFC 7517, 7518 §6, 8037), as their thumbprint (RFC 7638), and as they stand on chain."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, x25519

from ledger import base64url, edwards_point
from ledger.errors import Invalid
from ledger.jwk_purpose import ENCRYPTION, SIGNATURE, purpose

_NO_POINT = b"\0" * 32


class Algorithm(IntEnum):
    """What a key is for; the numbers are those of the registries on chain."""

    ES256 = 1
    ED25519 = 2
    X25519 = 3
    ECDH_P256 = 4

    @property
    def jose(self) -> str:
        """The `alg` of JOSE: `ES256`, `Ed25519` (RFC 9864), or `ECDH-ES+A256KW` for the two that encrypt."""
        return _JOSE[self]

    @property
    def signs(self) -> bool:
        """Whether the key signs; otherwise it decrypts."""
        return self is Algorithm.ES256 or self is Algorithm.ED25519

    @property
    def curve(self) -> str:
        """The `crv` of JOSE."""
        return _CURVES[self]


_JOSE = ("", "ES256", "Ed25519", "ECDH-ES+A256KW", "ECDH-ES+A256KW")
_CURVES = ("", "P-256", "Ed25519", "X25519", "P-256")
_ALGORITHMS = {
    ("EC", "P-256", SIGNATURE): Algorithm.ES256,
    ("EC", "P-256", ENCRYPTION): Algorithm.ECDH_P256,
    ("OKP", "Ed25519", SIGNATURE): Algorithm.ED25519,
    ("OKP", "X25519", ENCRYPTION): Algorithm.X25519,
}


@dataclass(frozen=True)
class PublicKey:
    """A public key as registered: 32 bytes x and, on P-256, 32 bytes y (empty or 32 zero bytes otherwise).

    Raises Invalid `jwk.length`. Whether the bytes are a point of the curve is told by `check_point`: a registry may
    hold any 32 bytes, and reading it must not fail; such a key verifies no signature.
    """

    algorithm: Algorithm
    x: bytes
    y: bytes = b""

    def __post_init__(self) -> None:
        y_is_right = len(self.y) == 32 if self.algorithm.curve == "P-256" else self.y in (b"", _NO_POINT)
        if len(self.x) != 32 or not y_is_right:
            raise Invalid(
                "jwk.length",
                f"the coordinates do not have the length of a {self.algorithm.curve} key",
                mend="give x, and for P-256 y too, as 32 bytes with their leading zeros (RFC 7518 §6.2.1.2)",
            )
        object.__setattr__(self, "y", self.y if self.algorithm.curve == "P-256" else b"")

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "PublicKey":
        """Read a public JWK of one of our four algorithms.

        `alg`, `use` and `key_ops` may be absent and must agree with the curve and each other where they stand; a
        P-256 key that has none of them is a signing key. Other members are passed over (RFC 7517 §4), `kid` too: ours
        is the thumbprint. Raises Invalid `jwk.private`, `jwk.form`, `jwk.algorithm`, `jwk.purpose`, `jwk.length`,
        `jwk.point`.
        """
        if "d" in jwk:
            raise Invalid(
                "jwk.private",
                "this is a private key",
                pointer="/d",
                mend="give the public key only, and replace this one",
            )
        key = read_public_part(jwk, purpose(jwk))
        key.check_point()
        return key

    def check_point(self) -> None:
        """Raise Invalid `jwk.point` if the coordinates are not a point of the curve that a key may be."""
        if not _is_point(self):
            raise Invalid(
                "jwk.point",
                f"the coordinates are not a usable point of {self.algorithm.curve}",
                pointer="/x",
                mend="export the public key again from the software that made it",
            )

    def jwk(self) -> dict[str, str]:
        """Return the public JWK with `alg`, `kid` and `use`."""
        use = SIGNATURE if self.algorithm.signs else ENCRYPTION
        return {**self._required_members, "alg": self.algorithm.jose, "kid": self.kid, "use": use}

    @cached_property
    def thumbprint(self) -> bytes:
        """The 32 bytes of RFC 7638: SHA-256 of the required members in order of their names, without spaces."""
        members = ",".join(f'"{name}":"{value}"' for name, value in self._required_members.items())
        return hashlib.sha256(f"{{{members}}}".encode("ascii")).digest()

    @cached_property
    def kid(self) -> str:
        """The thumbprint as base64url: the `kid` in every header that we write."""
        return base64url.encode(self.thumbprint)

    @property
    def _required_members(self) -> dict[str, str]:
        kty = "EC" if self.y else "OKP"
        members = {"crv": self.algorithm.curve, "kty": kty, "x": base64url.encode(self.x)}
        return members | ({"y": base64url.encode(self.y)} if self.y else {})


def read_public_part(jwk: Mapping[str, Any], use: str | None) -> PublicKey:
    """Read kty, crv, x and y of a JWK meant for `use` (`sig`, `enc`; None: what its curve is for first)."""
    algorithm = _algorithm(jwk, use)
    stated = jwk.get("alg")
    if stated not in (None, algorithm.jose) and not (stated == "EdDSA" and algorithm is Algorithm.ED25519):
        raise Invalid(
            "jwk.algorithm",
            f"alg is not that of a {algorithm.curve} key",
            pointer="/alg",
            mend=f"write {algorithm.jose}",
        )
    y = _coordinate(jwk, "y") if algorithm.curve == "P-256" else b""
    return PublicKey(algorithm, _coordinate(jwk, "x"), y)


def _algorithm(jwk: Mapping[str, Any], use: str | None) -> Algorithm:
    for (kty, curve, its_use), algorithm in _ALGORITHMS.items():
        if (jwk.get("kty"), jwk.get("crv")) == (kty, curve) and use in (None, its_use):
            return algorithm
    raise Invalid(
        "jwk.algorithm",
        "kty, crv and what the key is for do not fit together, or are none that Portseal takes",
        pointer="/crv",
        mend="use EC with P-256, OKP with Ed25519 for signatures, or OKP with X25519 for encryption",
    )


def _coordinate(jwk: Mapping[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    try:
        if isinstance(value, str):
            return base64url.decode(value)
    except Invalid:
        pass
    raise Invalid(
        "jwk.form", f"{name} is not base64url without padding", pointer=f"/{name}", mend="see RFC 7518 §6.2.1"
    )


# A key is looked at when it is read, and again before it verifies: an Ed25519 point costs as much as a signature.
@lru_cache(maxsize=4096)
def _is_point(key: PublicKey) -> bool:
    if key.algorithm is Algorithm.ED25519:
        return edwards_point.is_sound(key.x)
    if key.algorithm is Algorithm.X25519:
        return _agrees(key.x)
    numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(key.x, "big"), int.from_bytes(key.y, "big"), ec.SECP256R1())
    try:
        numbers.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _agrees(x: bytes) -> bool:
    # The library refuses the points of small order, whose shared secret is zero (RFC 7748 §6.1).
    try:
        x25519.X25519PrivateKey.from_private_bytes(b"\1" * 32).exchange(x25519.X25519PublicKey.from_public_bytes(x))
    except ValueError:
        return False
    return True
