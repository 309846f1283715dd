"""One ES256 signature, one form: of s and n - s, both valid, the lower."""

from typing import Final

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def is_low_s(signature: bytes) -> bool:
    """Tell whether a raw signature (r, s, 32 bytes each, RFC 7518 §3.4) has s in 1..n/2."""
    return len(signature) == 64 and 0 < int.from_bytes(signature[32:], "big") <= P256_ORDER // 2


def to_low_s(signature: bytes) -> bytes:
    """Return the same raw signature with the lower of s and n - s."""
    if is_low_s(signature):
        return signature
    return signature[:32] + (P256_ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
