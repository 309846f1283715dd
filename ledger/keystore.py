"""Encrypted key files: a private JWK inside a compact JWE under a passphrase (RFC 7517 Appendix C, RFC 7518 §4.8).

The protected header is {alg: PBES2-HS512+A256KW, cty: jwk+json, enc: A256GCM, kid, p2c, p2s}.
"""

from pathlib import Path
from typing import Any, Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from ledger import base64url, secret_file
from ledger.canonical import canonicalize
from ledger.errors import Invalid, Refused
from ledger.private_key import PrivateKey
from ledger.strict_json import Limits, parse

ITERATIONS: Final = 300_000
"""Rounds of PBKDF2-HMAC-SHA512 in the files that we write; the most that joserfc takes (OWASP asks for 210,000)."""

FEWEST_ITERATIONS: Final = 100_000
"""What a file must have at least to be read; for demonstrations, whose keys guard nothing."""

_LARGEST_FILE = 16 * 1024
_LIMITS = Limits(max_bytes=_LARGEST_FILE, max_depth=4, max_members=64)
_ALG, _ENC, _CTY = "PBES2-HS512+A256KW", "A256GCM", "jwk+json"
_HEADER = {"alg", "cty", "enc", "kid", "p2c", "p2s"}
_REGISTRY = jwe.JWERegistry(algorithms=[_ALG, _ENC])


def write_key(path: Path, key: PrivateKey, passphrase: str, *, iterations: int = ITERATIONS) -> None:
    """Write `key` into a new file with mode 0600, whole or not at all, durable on return.

    Nothing is ever overwritten. Raises Refused `file.exists`, `file.unwritable`; Invalid `keystore.passphrase` for an
    empty one.
    """
    header = {"alg": _ALG, "cty": _CTY, "enc": _ENC, "kid": key.public_key.kid, "p2c": iterations}
    plaintext = canonicalize({**key.private_jwk()})
    text = jwe.encrypt_compact(header, plaintext, _secret(passphrase), registry=_REGISTRY)
    secret_file.write_new(Path(path), text.encode("ascii"))


def read_key(path: Path, passphrase: str) -> PrivateKey:
    """Return the key in the file.

    Raises Invalid `keystore.passphrase` if the passphrase does not open it, `keystore.form` if it is no key file of
    ours or was damaged so far that this can be told apart, `keystore.missing`; Refused `file.unreadable`.
    """
    text = _read(Path(path))
    kid = _check_form(text)
    key = _private_key(_decrypt(text, passphrase))
    if key.public_key.kid != kid:
        raise _bad_form("the file holds another key than its header names")
    return key


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise Invalid("keystore.missing", f"there is no key file {path.name}", mend="check the path") from None
    except OSError as error:
        raise Refused(
            "file.unreadable",
            f"the file {path.name} cannot be read ({error.strerror})",
            mend="check the path and its permissions",
        ) from None
    if len(data) > _LARGEST_FILE or not data.isascii():
        raise _bad_form("it is too large, or not ASCII")
    return data.decode("ascii").removesuffix("\n")


def _check_form(text: str) -> str:
    """Check everything that can be checked without the passphrase, so that no file makes us work for it."""
    try:
        parts = [base64url.decode(part) for part in text.split(".")]
        header = parse(parts[0], _LIMITS)
    except Invalid as error:
        raise _bad_form(error.detail) from None
    if [len(part) for part in parts[1:3]] + [len(parts[-1])] != [40, 12, 16] or len(parts) != 5:
        raise _bad_form("it is not a compact JWE")
    return _check_header(header)


def _check_header(header: Any) -> str:
    if not isinstance(header, dict) or set(header) != _HEADER:
        raise _bad_form("its header does not have the members of a key file")
    if (header["alg"], header["enc"], header["cty"]) != (_ALG, _ENC, _CTY):
        raise _bad_form("it is encrypted in another way")
    count, kid = header["p2c"], header["kid"]
    if not isinstance(kid, str) or not _is_salt(header["p2s"]):
        raise _bad_form("kid or p2s has a wrong form")
    if type(count) is not int or not FEWEST_ITERATIONS <= count <= ITERATIONS:
        raise _bad_form(f"p2c is not between {FEWEST_ITERATIONS} and {ITERATIONS}")
    return kid


def _is_salt(p2s: object) -> bool:
    try:
        return isinstance(p2s, str) and len(base64url.decode(p2s)) >= 8
    except Invalid:
        return False


def _decrypt(text: str, passphrase: str) -> bytes:
    try:
        return jwe.decrypt_compact(text, _secret(passphrase), registry=_REGISTRY).plaintext or b""
    except (JoseError, ValueError):
        raise _bad_passphrase("the passphrase does not open the key file, or the file was damaged") from None


def _private_key(plaintext: bytes) -> PrivateKey:
    try:
        jwk = parse(plaintext, _LIMITS)
        return PrivateKey.from_jwk(jwk if isinstance(jwk, dict) else {})
    except Invalid as error:
        raise _bad_form(f"what it holds is no private JWK ({error.code})") from None


def _secret(passphrase: str) -> OctKey:
    try:
        secret = passphrase.encode("utf-8")
    except UnicodeEncodeError:
        secret = b""
    if not secret:
        raise _bad_passphrase("the passphrase is empty, or not valid text")
    # Not import_key: that one judges the length as that of a raw key, and warns.
    return OctKey(secret, secret)


def _bad_passphrase(detail: str) -> Invalid:
    return Invalid("keystore.passphrase", detail, mend="give the passphrase that the file was made with")


def _bad_form(detail: str) -> Invalid:
    return Invalid(
        "keystore.form", f"this is not a key file of Portseal: {detail}", mend="give a file that `portseal keys` made"
    )
