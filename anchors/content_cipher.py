"""A256GCM with a nonce of 96 bits and a tag of 128: how a payload's content is encrypted (NIST SP 800-38D)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.errors import Invalid

KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16


def encrypt(key: bytes, plaintext: bytes, associated: bytes) -> tuple[bytes, bytes]:
    """Return a fresh random nonce and the ciphertext with its tag. One key encrypts one content, ever."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return nonce, AESGCM(key).encrypt(nonce, plaintext, associated)


def decrypt(key: bytes, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
    """Return the plaintext. Raises Invalid `payload.sealed-wrong` unless key, nonce, text and association fit."""
    if len(key) != KEY_SIZE or len(nonce) != NONCE_SIZE or len(ciphertext) < TAG_SIZE:
        raise sealed_wrong("the key, the nonce or the ciphertext has a wrong length")
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, associated)
    except InvalidTag as error:
        raise sealed_wrong("the key does not open this payload under this digest") from error


def sealed_wrong(detail: str) -> Invalid:
    """Return the error of a payload that does not open."""
    return Invalid(
        "payload.sealed-wrong", detail, mend="use the entry made for this payload, and the digest of its document"
    )
