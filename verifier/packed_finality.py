"""A proof of finality as an evidence file holds it: headers as bytes, and what all cosignatures sign only once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from anchors import proof_content
from anchors.finality import FinalityProof
from ledger import base64url
from ledger.canonical import canonicalize
from ledger.checkpoint import TYPE, Checkpoint, Cosignature
from ledger.errors import Invalid
from ledger.finality.form import CHECKPOINT

MOST_COSIGNATURES = 1_000
_ALGORITHMS = ("ES256", "Ed25519", "EdDSA")
_SIGNATURE, _THUMBPRINT = 64, 32

Cosigned = tuple[Checkpoint, list[Cosignature]]
Unpacked = Cosigned | list[bytes] | bytes


def pack(proof: FinalityProof) -> dict[str, Any]:
    """Return the members for the file. Cosignatures that sign something else are left out. Raises Invalid."""
    if proof.form == CHECKPOINT.name:
        checkpoint, cosignatures = proof_content.checkpoint_of(proof.content)
        signed = base64url.encode(checkpoint.signed)
        packed = [one for one in (_packed(cosignature, signed) for cosignature in cosignatures) if one]
        return {"form": proof.form, "claims": checkpoint.claims(), "cosignatures": packed}
    if proof.form == "clique":
        return {"form": proof.form, "headers": list(proof_content.headers_of(proof.content))}
    return {"form": proof.form, "header": proof_content.header_of(proof.content)}


def unpack(packed: Mapping[str, Any]) -> Unpacked:
    """Return the proof that was packed: a checkpoint and its cosignatures, headers (Clique), or one header (QBFT).

    Raises Invalid `finality.form`.
    """
    match packed:
        case {"form": "checkpoint", "claims": dict(claims), "cosignatures": list(cosignatures)} if len(packed) == 3:
            return _checkpoint(claims, cosignatures)
        case {"form": "clique", "headers": list(headers)} if len(packed) == 2 and all(map(_is_header, headers)):
            if not 1 <= len(headers) <= proof_content.LONGEST:
                raise _malformed(f"1 to {proof_content.LONGEST} headers")
            return headers
        case {"form": "qbft", "header": bytes(header)} if len(packed) == 2 and _is_header(header):
            return header
    raise _malformed("a proof of one of the three forms")


def _packed(cosignature: Cosignature, signed: str) -> list[Any] | None:
    for algorithm in _ALGORITHMS:
        header, payload, signature = [*cosignature.jws.split("."), "", ""][:3]
        if (header, payload) == (_header(algorithm, cosignature.kid), signed):
            try:
                return [
                    cosignature.authority,
                    base64url.decode(cosignature.kid),
                    algorithm,
                    base64url.decode(signature),
                ]
            except Invalid:
                return None
    return None


def _checkpoint(claims: dict[str, Any], cosignatures: list[Any]) -> Cosigned:
    if len(cosignatures) > MOST_COSIGNATURES:
        raise _malformed(f"at most {MOST_COSIGNATURES} cosignatures")
    try:
        checkpoint = Checkpoint.from_claims(claims)
    except Invalid as error:
        raise _malformed(f"claims of a checkpoint ({error.detail})") from None
    signed = base64url.encode(checkpoint.signed)
    return checkpoint, [_cosignature(one, signed) for one in cosignatures]


def _cosignature(packed: Any, signed: str) -> Cosignature:
    match packed:
        case [str(authority), bytes(thumbprint), str(algorithm), bytes(signature)] if (
            len(thumbprint) == _THUMBPRINT and len(signature) == _SIGNATURE and algorithm in _ALGORITHMS
        ):
            kid = base64url.encode(thumbprint)
            return Cosignature(authority, kid, f"{_header(algorithm, kid)}.{signed}.{base64url.encode(signature)}")
    raise _malformed("authority, thumbprint, algorithm and signature of a cosignature")


# A key's header is the same in all that it cosigns.
@lru_cache(maxsize=1024)
def _header(algorithm: str, kid: str) -> str:
    return base64url.encode(canonicalize({"alg": algorithm, "kid": kid, "typ": TYPE}))


def _is_header(value: object) -> bool:
    return isinstance(value, bytes) and bool(value)


def _malformed(what: str) -> Invalid:
    return Invalid("finality.form", f"a proof of finality needs {what}", mend="get the evidence file again")
