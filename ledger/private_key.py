"""Private keys held by this process: they sign (ES256, Ed25519) or decrypt (X25519, P-256)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils, x25519

from ledger import base64url
from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey, read_public_part
from ledger.jwk_purpose import purpose
from ledger.low_s import to_low_s

_Handle = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | x25519.X25519PrivateKey

# RFC 6979: the nonce comes from key and message, so that a bad source of randomness cannot give the key away.
_ES256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


@dataclass(frozen=True)
class PrivateKey:
    """A private key of one algorithm; a `Signer` if that algorithm signs. Shows no secret when printed."""

    public_key: PublicKey
    secret: bytes = field(repr=False)
    _handle: _Handle = field(repr=False, compare=False)

    @classmethod
    def generate(cls, algorithm: Algorithm) -> "PrivateKey":
        """Make a new key from the system's randomness."""
        return _from_handle(algorithm, _generate(algorithm))

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "PrivateKey":
        """Read a private JWK (RFC 7518 §6.2.2, RFC 8037 §2).

        Raises what `PublicKey.from_jwk` raises, and Invalid `jwk.secret` where `d` is not 32 bytes of base64url, is
        out of range, or does not belong to the public part.
        """
        public = read_public_part(jwk, purpose(jwk))
        public.check_point()
        secret = _secret(jwk.get("d"))
        try:
            key = _from_handle(public.algorithm, _load(public.algorithm, secret))
        except ValueError:
            raise _bad_secret("d is out of range") from None
        if key.public_key != public:
            raise _bad_secret("d does not belong to the public part")
        return key

    def private_jwk(self) -> dict[str, str]:
        """Return the JWK with the secret `d`: for the keystore and for nothing else."""
        return self.public_key.jwk() | {"d": base64url.encode(self.secret)}

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature, 64 bytes; for ES256 r and s with low s. Raises Invalid `key.purpose`."""
        if isinstance(self._handle, ed25519.Ed25519PrivateKey):
            return self._handle.sign(message)
        if isinstance(self._handle, ec.EllipticCurvePrivateKey) and self.public_key.algorithm.signs:
            r, s = utils.decode_dss_signature(self._handle.sign(message, _ES256))
            return to_low_s(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        raise Invalid("key.purpose", "this key decrypts and does not sign", mend="use an ES256 or Ed25519 key")


def _generate(algorithm: Algorithm) -> _Handle:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm is Algorithm.X25519:
        return x25519.X25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _load(algorithm: Algorithm, secret: bytes) -> _Handle:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    if algorithm is Algorithm.X25519:
        return x25519.X25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


def _from_handle(algorithm: Algorithm, handle: _Handle) -> PrivateKey:
    if isinstance(handle, ec.EllipticCurvePrivateKey):
        numbers = handle.private_numbers()
        x, y = (n.to_bytes(32, "big") for n in (numbers.public_numbers.x, numbers.public_numbers.y))
        return PrivateKey(PublicKey(algorithm, x, y), numbers.private_value.to_bytes(32, "big"), handle)
    public = PublicKey(algorithm, handle.public_key().public_bytes_raw())
    return PrivateKey(public, handle.private_bytes_raw(), handle)


def _secret(value: object) -> bytes:
    try:
        secret = base64url.decode(value) if isinstance(value, str) else b""
    except Invalid:
        secret = b""
    if len(secret) != 32:
        raise _bad_secret("d is not 32 bytes in base64url without padding")
    return secret


def _bad_secret(detail: str) -> Invalid:
    return Invalid(
        "jwk.secret", detail, pointer="/d", mend="export the private key again from the software that made it"
    )
