"""Who signs, and whether a signature is right."""

from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from ledger.errors import Invalid
from ledger.jwk import Algorithm, PublicKey
from ledger.low_s import is_low_s

__all__ = ["Signer", "is_low_s", "verify_signature"]


class Signer(Protocol):
    """The port through which Portseal signs; a KMS or an HSM fills it with these two and nothing else.

    An adapter hands `message` to its device as it is (the device, or the adapter, hashes it with SHA-256 for ES256;
    Ed25519 signs it whole) and turns the answer into the raw form of JOSE: for ES256 the 32 bytes of r and of s
    instead of DER, with low s (`ledger.low_s.to_low_s`); for Ed25519 the 64 bytes of RFC 8032. A device that does
    not answer is Unavailable `signer.*`. The private key never has to leave the device.
    """

    @property
    def public_key(self) -> PublicKey:
        """The public key that belongs to the signatures, as registered."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature over `message`: 64 bytes."""
        ...


def verify_signature(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (raw, 64 bytes) over `message` is by `key`; the key alone decides the algorithm.

    High s is valid here (RFC 7518 §3.4); the envelope refuses it. A key that is no point of its curve, or that does
    not sign, verifies nothing.
    """
    handle = _handle(key)
    if handle is None or len(signature) != 64:
        return False
    try:
        if isinstance(handle, ed25519.Ed25519PublicKey):
            handle.verify(signature, message)
        else:
            handle.verify(_der(signature), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _handle(key: PublicKey) -> ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | None:
    if not key.algorithm.signs:
        return None
    try:
        key.check_point()
    except Invalid:
        return None
    if key.algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PublicKey.from_public_bytes(key.x)
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\4" + key.x + key.y)


def _der(signature: bytes) -> bytes:
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return utils.encode_dss_signature(r, s)
