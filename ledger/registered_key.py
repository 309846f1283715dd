"""Public keys as the registries hold them: thumbprint, algorithm code, x and y of 32 bytes each."""

from ledger.errors import Invalid, Refused
from ledger.jwk import Algorithm, PublicKey


def key_fields(key: PublicKey) -> tuple[bytes, int, bytes, bytes]:
    """Return thumbprint, algorithm, x, y; y is zero where the curve has none."""
    return key.thumbprint, int(key.algorithm), key.x, key.y.ljust(32, b"\0")


def key_of(thumbprint: bytes, algorithm: int, x: bytes, y: bytes) -> PublicKey:
    """Return the key that is registered under `thumbprint`.

    The contract cannot compute a thumbprint, so it is checked here. Raises Refused `registry.key` if what is
    registered is no key, or another one.
    """
    try:
        key = PublicKey(Algorithm(algorithm), x, y)
    except (ValueError, Invalid):
        raise _wrong(thumbprint, "is no key") from None
    if key.thumbprint != thumbprint:
        raise _wrong(thumbprint, "is another key")
    return key


def _wrong(thumbprint: bytes, what: str) -> Refused:
    detail = f"what is registered under the thumbprint {thumbprint.hex()} {what}"
    return Refused("registry.key", detail, mend="ask the accreditor to register the key again, rightly")
