"""COSE_Sign1 (RFC 9052 §4.2) in one strict form: small signatures for what is printed.

Tag 18; the protected header is exactly {1: alg, 4: kid}, kid the 32 bytes of RFC 7638; the unprotected header is empty;
the payload is inside; everything is deterministic CBOR. The registered key decides the algorithm, as in compact_jws.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import cbor2

from ledger import base64url, deterministic_cbor
from ledger.errors import Invalid, Unavailable
from ledger.jwk import Algorithm, PublicKey
from ledger.low_s import is_low_s
from ledger.signer import Signer, verify_signature

_TAG: Final = 18
_ALG, _KID = 1, 4
_NUMBERS: Final = {Algorithm.ES256: -7, Algorithm.ED25519: -19}
# RFC 9864; -8 is EdDSA of RFC 9053, which for these keys is the same.
_ALGORITHMS: Final = {-7: Algorithm.ES256, -19: Algorithm.ED25519, -8: Algorithm.ED25519}


@dataclass(frozen=True)
class CoseSign1:
    """A token of the right form; whether its signature is right, `check_signature` tells. `data`: its bytes."""

    data: bytes
    thumbprint: bytes
    algorithm: Algorithm
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    protected: bytes = field(repr=False)

    @property
    def kid(self) -> str:
        """The thumbprint of the key that the token names, in base64url; not proved by itself."""
        return base64url.encode(self.thumbprint)


def sign(payload: bytes, signer: Signer, context: bytes) -> CoseSign1:
    """Return the signed token. context: external_aad, which the reader has to know and the token does not repeat.

    Raises Invalid `key.purpose` for a key that does not sign, Unavailable `signer.*`.
    """
    key = signer.public_key
    if not key.algorithm.signs:
        raise Invalid("key.purpose", "this key decrypts and does not sign", mend="use an ES256 or Ed25519 key")
    protected = deterministic_cbor.encode({_ALG: _NUMBERS[key.algorithm], _KID: key.thumbprint})
    signature = signer.sign(_to_be_signed(protected, context, payload))
    if len(signature) != 64 or (key.algorithm is Algorithm.ES256 and not is_low_s(signature)):
        raise Unavailable(
            "signer.signature",
            "the signer's answer is not a raw signature of 64 bytes with low s",
            mend="let the adapter of the device give the form that ledger.signer.Signer describes",
        )
    data = deterministic_cbor.encode(cbor2.CBORTag(_TAG, [protected, {}, payload, signature]))
    return CoseSign1(data, key.thumbprint, key.algorithm, payload, signature, protected)


def read(data: bytes, family: str) -> CoseSign1:
    """Take a token apart; bound its size before. Raises Invalid `<family>.form`, `<family>.header`."""
    found = deterministic_cbor.decode(data, family, frozenset({_TAG}))
    parts = found.value if isinstance(found, cbor2.CBORTag) else None
    if not isinstance(parts, list) or len(parts) != 4 or parts[1] != {}:
        raise _malformed(family, "form", "this is not a COSE_Sign1 with an empty unprotected header")
    protected, _, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)) or len(signature) != 64:
        raise _malformed(family, "form", "the COSE_Sign1 lacks header, payload or a signature of 64 bytes")
    algorithm, thumbprint = _header(protected, family)
    return CoseSign1(data, thumbprint, algorithm, payload, signature, protected)


def check_signature(token: CoseSign1, key: PublicKey, context: bytes, family: str) -> None:
    """Raise Invalid `<family>.key`, `.algorithm`, `.signature`, `.high-s` unless `key` signed, in the one form."""
    if token.thumbprint != key.thumbprint:
        raise Invalid(f"{family}.key", "the token names another key", mend="look up the key that kid names")
    if token.algorithm is not key.algorithm:
        detail = f"the header states {token.algorithm.jose}, the registered key is for {key.algorithm.jose}"
        raise Invalid(f"{family}.algorithm", detail, mend="sign with the algorithm that the key is registered for")
    if not verify_signature(key, _to_be_signed(token.protected, context, token.payload), token.signature):
        detail = "the signature does not fit: the token was changed, or signed with another key"
        raise Invalid(f"{family}.signature", detail, mend="ask the issuer for the original")
    if key.algorithm is Algorithm.ES256 and not is_low_s(token.signature):
        detail = "the signature is not the one with low s; anyone could make it from the issuer's"
        raise Invalid(
            f"{family}.high-s", detail, mend="present it as it was issued; signers take the lower of s and n-s"
        )


def numbered(data: bytes, family: str) -> dict[int, Any]:
    """Return a map whose keys are whole numbers. Raises Invalid `<family>.form`."""
    found = deterministic_cbor.decode(data, family, is_numbered=True)
    if not isinstance(found, dict) or not all(type(label) is int for label in found):
        raise _malformed(family, "form", "this is not a map with whole numbers as keys")
    return found


def _header(protected: bytes, family: str) -> tuple[Algorithm, bytes]:
    header = numbered(protected, family)
    if header.keys() != {_ALG, _KID}:
        raise _malformed(family, "header", "the protected header is not exactly alg (1) and kid (4)")
    algorithm = _algorithm(header[_ALG])
    if algorithm is None:
        raise _malformed(family, "header", "alg is neither ES256 nor Ed25519")
    if not isinstance(header[_KID], bytes) or len(header[_KID]) != 32:
        raise _malformed(family, "header", "kid is not the 32 bytes of an RFC 7638 thumbprint")
    return algorithm, header[_KID]


def _algorithm(number: Any) -> Algorithm | None:
    return _ALGORITHMS.get(number) if type(number) is int else None


def _to_be_signed(protected: bytes, context: bytes, payload: bytes) -> bytes:
    return deterministic_cbor.encode(["Signature1", protected, context, payload])


def _malformed(family: str, code: str, detail: str) -> Invalid:
    return Invalid(f"{family}.{code}", detail, mend="take the bytes as they were issued")
