"""Keccak-256 as the chain computes it; loaded without what else the Ethereum libraries bring along."""

from Crypto.Hash import keccak as _keccak


def keccak(data: bytes) -> bytes:
    """Return the hash, 32 bytes."""
    return _keccak.new(data=data, digest_bits=256).digest()
