"""ECDH-ES (RFC 7518 §4.6) on the writer's side: a fresh key for each agreement, and what both derive from it."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger import base64url
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey

ALG: Final = "ECDH-ES+A256KW"

Agreement = tuple[dict[str, str], bytes]
"""The public half of the fresh key as JWK (`epk`), and the secret that it shares with the reader's, 32 bytes."""

_LENGTH = 256  # bits of the derived key


def agree(reader: PublicKey) -> Agreement:
    """Make a new key and agree with `reader`. Raises Invalid `entry.reader-key`, `jwk.point`."""
    return _imported(reader)()


def derive(secret: bytes, apv: bytes) -> bytes:
    """Return the key of 32 bytes that wraps a content key (RFC 7518 §4.6.2, without `apu`; one round of SHA-256)."""
    other = (ALG.encode("ascii"), b"", apv)
    stated = b"".join(len(part).to_bytes(4, "big") + part for part in other) + _LENGTH.to_bytes(4, "big")
    return sha256(b"\0\0\0\1" + secret + stated).digest()


def require_decrypting(key: PublicKey) -> None:
    """Raise Invalid `entry.reader-key` for a key that signs."""
    if key.algorithm not in (Algorithm.X25519, Algorithm.ECDH_P256):
        raise Invalid(
            "entry.reader-key",
            f"a key for {key.algorithm.jose} does not decrypt",
            mend="register an X25519 or P-256 key for encryption",
        )


# A registrant seals thousands with one key, which is checked and imported once.
@lru_cache(maxsize=1024)
def _imported(reader: PublicKey) -> Callable[[], Agreement]:
    require_decrypting(reader)
    reader.check_point()
    if reader.algorithm is Algorithm.X25519:
        montgomery = x25519.X25519PublicKey.from_public_bytes(reader.x)
        return lambda: _agree_x25519(montgomery)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + reader.x + reader.y)
    return lambda: _agree_p256(point)


def _agree_x25519(reader: x25519.X25519PublicKey) -> Agreement:
    fresh = x25519.X25519PrivateKey.generate()
    x = fresh.public_key().public_bytes_raw()
    return {"crv": "X25519", "kty": "OKP", "x": base64url.encode(x)}, fresh.exchange(reader)


def _agree_p256(reader: ec.EllipticCurvePublicKey) -> Agreement:
    fresh = ec.generate_private_key(ec.SECP256R1())
    point = fresh.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    x, y = base64url.encode(point[1:33]), base64url.encode(point[33:])
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}, fresh.exchange(ec.ECDH(), reader)
