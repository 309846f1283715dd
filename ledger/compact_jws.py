"""The compact JWS that every signed thing of Portseal is (RFC 7515 §7.1), in one strict form.

Header exactly {alg, kid, typ}; header and claims are RFC 8785 bytes; the key given decides the algorithm.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from ledger import base64url
from ledger.canonical import canonicalize, parse_canonical
from ledger.errors import Invalid, Unavailable
from ledger.jwk import Algorithm, PublicKey
from ledger.signer import Signer, is_low_s, verify_signature
from ledger.strict_json import Limits

_HEADER = ("alg", "kid", "typ")
_HEADER_LIMITS = Limits(max_bytes=1024, max_depth=2, max_members=16)
_NEVER_FOLLOWED = ("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64")
_ALGORITHMS = ("ES256", "Ed25519", "EdDSA")


@dataclass(frozen=True)
class CompactJws:
    """A token of the right form; whether its signature is right, `check_signature` tells.

    payload: the RFC 8785 bytes of the claims.
    """

    header: dict[str, Any]
    claims: dict[str, Any]
    signing_input: bytes
    signature: bytes
    payload: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """The token as it is sent: `<header>.<claims>.<signature>`."""
        return _text(self.signing_input, self.signature)

    @property
    def kid(self) -> str:
        """The thumbprint of the key that the token names; not proved by itself."""
        return cast(str, self.header["kid"])


def sign(claims: Mapping[str, Any], signer: Signer, typ: str) -> CompactJws:
    """Return the signed token; it shares nothing with `claims`.

    Raises Invalid of `canonicalize` and, for a key that does not sign, `key.purpose`; Unavailable
    `signer.signature` where the signer gives back something that is no raw signature with low s.
    """
    payload = canonicalize(dict(claims))
    signing_input, signature = _signed(payload, signer, typ)
    return CompactJws(_header(signer.public_key, typ), json.loads(payload), signing_input, signature, payload)


def sign_text(claims: Mapping[str, Any], signer: Signer, typ: str) -> str:
    """Do the same for one that wants the text only."""
    return sign_payload(canonicalize(dict(claims)), signer, typ)


def sign_payload(payload: bytes, signer: Signer, typ: str) -> str:
    """Do the same where the claims' RFC 8785 bytes are made already."""
    return _text(*_signed(payload, signer, typ))


def read(text: str, typ: str, limits: Limits, *, family: str = "jws") -> CompactJws:
    """Take a token apart and check its form, not its signature.

    `family` begins the codes. Raises Invalid `<family>.form`, `.base64url`, `.json`, `.canonical`, `.header`,
    `.header-key`, `.algorithm`, `.kid`, `.type`.
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise Invalid(
            f"{family}.form",
            "the token does not have three parts",
            mend="give it whole: header, claims and signature, with a full stop between them",
        )
    header = dict(_header_members(parts[0], typ, family))
    payload = _decoded(parts[1], "claims", family)
    claims = _object(payload, "claims", limits, family)
    signature = _decoded(parts[2], "signature", family)
    return CompactJws(header, claims, f"{parts[0]}.{parts[1]}".encode("ascii"), signature, payload)


def stated_kid(text: str) -> str:
    """Return the kid of the header, unproved. Raises Invalid `jws.base64url`, `.json`, `.canonical`, `.kid`."""
    data = _decoded(text.partition(".")[0], "header", "jws")
    kid = _object(data, "header", _HEADER_LIMITS, "jws").get("kid")
    _check_kid(kid, "jws")
    return cast(str, kid)


def check_signature(token: CompactJws, key: PublicKey, *, family: str = "jws") -> None:
    """Raise Invalid `<family>.key`, `.algorithm` or `.signature` unless `key` made the signature."""
    if token.kid != key.kid:
        raise Invalid(
            f"{family}.key", "the token names another key", pointer="/kid", mend="look up the key that kid names"
        )
    alg = "Ed25519" if token.header["alg"] == "EdDSA" else token.header["alg"]
    if alg != key.algorithm.jose:
        raise Invalid(
            f"{family}.algorithm",
            f"the header states {alg}, the registered key is for {key.algorithm.jose}",
            pointer="/alg",
            mend="sign with the algorithm that the key is registered for",
        )
    if not verify_signature(key, token.signing_input, token.signature):
        raise Invalid(
            f"{family}.signature",
            "the signature does not fit: the token was changed, or signed with another key",
            mend="ask the issuer for the original",
        )


def signs(text: str, payload: bytes, key: PublicKey, typ: str) -> bool:
    """Tell whether the token is of type `typ` and the key's signature over exactly these RFC 8785 bytes.

    One form stands for one string of bytes, so that the payload need not be parsed to be compared.
    """
    header, _, rest = text.partition(".")
    stated, _, signature = rest.partition(".")
    if stated != base64url.encode(payload):
        return False
    try:
        members = dict(_header_members(header, typ, "jws"))
        signed = f"{header}.{stated}".encode("ascii")
        check_signature(CompactJws(members, {}, signed, _decoded(signature, "signature", "jws"), payload), key)
    except Invalid:
        return False
    return True


def check_header(header: Mapping[str, Any], typ: str, family: str) -> None:
    """Raise Invalid unless the header is exactly {alg, kid, typ} with an algorithm of ours and the `typ` given."""
    for name in header:
        if name in _NEVER_FOLLOWED:
            raise Invalid(
                f"{family}.header-key",
                f"the header holds {name}; keys and rules come from the registry, never from the token",
                pointer=f"/{name}",
                mend=f"sign without {name}",
            )
    if set(header) != set(_HEADER):
        raise Invalid(
            f"{family}.header", "the header is not exactly alg, kid and typ", mend="sign with these three members only"
        )
    if header["typ"] != typ:
        raise Invalid(f"{family}.type", f"typ is not {typ}", pointer="/typ", mend=f"give a token with typ {typ}")
    if header["alg"] not in _ALGORITHMS:
        raise Invalid(
            f"{family}.algorithm", "alg is neither ES256 nor Ed25519", pointer="/alg", mend="sign with one of the two"
        )
    _check_kid(header["kid"], family)


def _check_kid(kid: object, family: str) -> None:
    try:
        if isinstance(kid, str) and len(base64url.decode(kid)) == 32:
            return
    except Invalid:
        pass
    raise Invalid(
        f"{family}.kid",
        "kid is not an RFC 7638 thumbprint",
        pointer="/kid",
        mend="write the SHA-256 thumbprint of the key, in base64url without padding",
    )


# An issuer's header is the same in all its tokens. Only headers of the right form are kept, which are short.
@lru_cache(maxsize=1024)
def _header_members(text: str, typ: str, family: str) -> tuple[tuple[str, str], ...]:
    header = _object(_decoded(text, "header", family), "header", _HEADER_LIMITS, family)
    check_header(header, typ, family)
    return tuple(header.items())


def _object(data: bytes, part: str, limits: Limits, family: str) -> dict[str, Any]:
    try:
        value = parse_canonical(data, limits)
    except Invalid as error:
        if error.code == "canonical.form":
            raise _not_canonical(part, family) from None
        raise Invalid(f"{family}.json", f"the {part}: {error.detail}", pointer=error.pointer, mend=error.mend) from None
    if not isinstance(value, dict):
        raise _not_canonical(part, family)
    return value


def _not_canonical(part: str, family: str) -> Invalid:
    return Invalid(
        f"{family}.canonical",
        f"the {part} is not a JSON object in the form of RFC 8785",
        mend="canonicalise before signing; a changed token cannot be mended",
    )


def _decoded(text: str, part: str, family: str) -> bytes:
    try:
        return base64url.decode(text)
    except Invalid as error:
        raise Invalid(f"{family}.base64url", f"the {part}: {error.detail}", mend=error.mend) from None


def _signed(payload: bytes, signer: Signer, typ: str) -> tuple[bytes, bytes]:
    key = signer.public_key
    if not key.algorithm.signs:
        raise Invalid("key.purpose", "this key decrypts and does not sign", mend="use an ES256 or Ed25519 key")
    signing_input = f"{_header_text(key, typ)}.{base64url.encode(payload)}".encode("ascii")
    signature = signer.sign(signing_input)
    if len(signature) != 64 or (key.algorithm is Algorithm.ES256 and not is_low_s(signature)):
        raise Unavailable(
            "signer.signature",
            "the signer's answer is not a raw signature of 64 bytes with low s",
            mend="let the adapter of the device give the form that ledger.signer.Signer describes",
        )
    return signing_input, signature


def _text(signing_input: bytes, signature: bytes) -> str:
    return f"{signing_input.decode('ascii')}.{base64url.encode(signature)}"


@lru_cache(maxsize=1024)
def _header_text(key: PublicKey, typ: str) -> str:
    return base64url.encode(canonicalize(_header(key, typ)))


def _header(key: PublicKey, typ: str) -> dict[str, Any]:
    return {"alg": key.algorithm.jose, "kid": key.kid, "typ": typ}
