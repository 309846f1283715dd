"""JWE in the one form that Portseal uses: compact, ECDH-ES+A256KW, A256GCM (RFC 7516, RFC 7518 §4.6, RFC 8037 §3).

Written with `cryptography` alone, since every document has one; read by joserfc. Everything is checked before joserfc
sees it: which header members, which key, which lengths. The algorithms are fixed here, never read from the header.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONEncoder
from secrets import token_bytes
from typing import Any, Final

from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from anchors import content_cipher
from anchors.key_agreement import ALG, agree, derive, require_decrypting
from ledger import base64url, strict_json
from ledger.errors import Invalid
from ledger.jwk import PublicKey, read_public_part
from ledger.jwk_purpose import ENCRYPTION
from ledger.private_key import PrivateKey

ENC: Final = "A256GCM"
MAX_SIZE: Final = 16 * 1024
"""Characters of a JWE; it holds a key, no document."""

_REGISTRY = jwe.JWERegistry(algorithms=[ALG, ENC])
_HEADER_LIMITS = strict_json.Limits(max_bytes=1024, max_depth=2, max_members=32)
_MEMBERS = {"alg", "enc", "epk", "kid", "apu", "apv"}
_NEEDED = {"alg", "enc", "epk"}
_POINT = {"EC": {"kty", "crv", "x", "y"}, "OKP": {"kty", "crv", "x"}}
_WRAPPED_KEY, _NONCE, _TAG = 40, content_cipher.NONCE_SIZE, content_cipher.TAG_SIZE  # bytes
_WRITER = JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True)
class Parts:
    """A JWE of the right form, not opened: the protected header, and the ciphertext without nonce and tag."""

    header: Mapping[str, Any]
    ciphertext: bytes


def encrypt(plaintext: bytes, reader: PublicKey, kid: str, apv: str) -> str:
    """Return a compact JWE that only `reader` opens. `apv` (base64url) enters the key derivation.

    Raises Invalid `entry.reader-key` for a key that does not decrypt, `jwk.point`, `base64url.form`.
    """
    epk, secret = agree(reader)
    header = {"alg": ALG, "apv": apv, "enc": ENC, "epk": epk, "kid": kid}
    protected = base64url.encode(_WRITER.encode(header).encode("ascii"))
    content_key = token_bytes(content_cipher.KEY_SIZE)
    wrapped_key = aes_key_wrap(derive(secret, base64url.decode(apv)), content_key)
    nonce, sealed = content_cipher.encrypt(content_key, plaintext, protected.encode("ascii"))
    parts = (wrapped_key, nonce, sealed[:-_TAG], sealed[-_TAG:])
    return ".".join((protected, *map(base64url.encode, parts)))


def decrypt(compact: str, key: PrivateKey) -> bytes:
    """Return the plaintext.

    Raises Invalid `entry.form` for another form, `entry.reader-key` for a key that does not decrypt,
    `entry.sealed-wrong` where the key does not open it, or it was changed.
    """
    header = parse(compact).header
    if header["epk"]["crv"] != key.public_key.algorithm.curve:
        raise _sealed_wrong()
    try:
        return jwe.decrypt_compact(compact, _private(key), registry=_REGISTRY).plaintext or b""
    except (JoseError, ValueError) as error:
        raise _sealed_wrong() from error


def parse(compact: str) -> Parts:
    """Check the form of a compact JWE without opening it. Raises Invalid `entry.form`."""
    if len(compact) > MAX_SIZE or compact.count(".") != 4:
        raise no_form("it is not a compact JWE")
    try:
        header, wrapped_key, nonce, ciphertext, tag = map(base64url.decode, compact.split("."))
        members = strict_json.parse(header, _HEADER_LIMITS)
    except Invalid as error:
        raise no_form(error.detail) from None
    if (len(wrapped_key), len(nonce), len(tag)) != (_WRAPPED_KEY, _NONCE, _TAG):
        raise no_form("a part has a wrong length")
    return Parts(_checked(members), ciphertext)


def no_form(detail: str) -> Invalid:
    """Return the error of an entry that has another form."""
    return Invalid("entry.form", f"not a reader entry: {detail}", mend="ask for the entry again, and keep it unchanged")


def _checked(header: Any) -> Mapping[str, Any]:
    if not isinstance(header, dict) or not _NEEDED <= header.keys() <= _MEMBERS:
        raise no_form("the header has other members than ours")
    if (header["alg"], header["enc"]) != (ALG, ENC):
        raise no_form(f"it is not encrypted with {ALG} and {ENC}")
    if not all(isinstance(header.get(name, ""), str) for name in ("kid", "apu", "apv")):
        raise no_form("kid, apu or apv is not a text")
    _check_ephemeral(header["epk"])
    return header


def _check_ephemeral(epk: Any) -> None:
    kty = epk.get("kty") if isinstance(epk, dict) else None
    if not isinstance(kty, str) or epk.keys() != _POINT.get(kty):
        raise no_form("epk is not a public key")
    try:
        read_public_part(epk, ENCRYPTION).check_point()
    except Invalid as error:
        raise no_form(f"epk: {error.detail}") from None


def _private(key: PrivateKey) -> ECKey | OKPKey:
    require_decrypting(key.public_key)
    return _imported(key.private_jwk())


def _imported(jwk: dict[str, str]) -> ECKey | OKPKey:
    return ECKey.import_key({**jwk}) if jwk["kty"] == "EC" else OKPKey.import_key({**jwk})


def _sealed_wrong() -> Invalid:
    return Invalid("entry.sealed-wrong", "the key does not open this entry", mend="ask for the entry made for your key")
