"""What a JWK says it is for: `alg`, `use` and `key_ops`, which must agree (RFC 7517 §4.2 to §4.4)."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.errors import Invalid

SIGNATURE: Final = "sig"
ENCRYPTION: Final = "enc"

_PURPOSES = {
    "ES256": SIGNATURE,
    "Ed25519": SIGNATURE,
    "EdDSA": SIGNATURE,
    "ECDH-ES+A256KW": ENCRYPTION,
    "sig": SIGNATURE,
    "enc": ENCRYPTION,
    "sign": SIGNATURE,
    "verify": SIGNATURE,
    "deriveKey": ENCRYPTION,
    "deriveBits": ENCRYPTION,
}


def purpose(jwk: Mapping[str, Any]) -> str | None:
    """Return `sig`, `enc`, or None where the key does not say. Raises Invalid `jwk.purpose`, `jwk.algorithm`."""
    alg, use, operations = jwk.get("alg"), jwk.get("use"), jwk.get("key_ops", [])
    if alg is not None and (not isinstance(alg, str) or alg not in ("ES256", "Ed25519", "EdDSA", "ECDH-ES+A256KW")):
        raise Invalid(
            "jwk.algorithm",
            "alg is none that Portseal takes",
            pointer="/alg",
            mend="use ES256, Ed25519 or ECDH-ES+A256KW",
        )
    if use not in (None, SIGNATURE, ENCRYPTION):
        raise Invalid("jwk.purpose", "use is neither sig nor enc", pointer="/use", mend="write sig or enc")
    stated = {_PURPOSES[word] for word in (alg, use) if word is not None} | _of_operations(operations)
    if len(stated) > 1:
        raise Invalid(
            "jwk.purpose",
            "alg, use and key_ops contradict each other",
            mend="say one purpose: sign or encrypt",
        )
    return next(iter(stated), None)


def _of_operations(operations: object) -> set[str]:
    known = ("sign", "verify", "deriveKey", "deriveBits")
    if (
        not isinstance(operations, list)
        or any(not isinstance(name, str) or name not in known for name in operations)
        or len(set(operations)) != len(operations)
    ):
        raise Invalid(
            "jwk.purpose",
            "key_ops holds something that a key of Portseal does not do, or one thing twice",
            pointer="/key_ops",
            mend="use sign and verify, or deriveKey and deriveBits",
        )
    return {_PURPOSES[name] for name in operations}
