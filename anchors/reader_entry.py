"""Reader entries: the content key of one payload, for one reader.

A compact JWE (`anchors.jwe`) with `kid`, the thumbprint of the reader's key, and `apv`, the digest of the document in
base64url. The digest enters the key derivation, so that an entry cannot be passed off as that of another document.
"""

from anchors import jwe
from anchors.content_cipher import KEY_SIZE
from ledger import base64url
from ledger.errors import Invalid
from ledger.jwk import PublicKey
from ledger.private_key import PrivateKey

_HEADER = {"alg", "enc", "epk", "kid", "apv"}
_HASH_SIZE = 32


def make(content_key: bytes, reader: PublicKey, digest: bytes) -> str:
    """Return the entry. Raises Invalid `entry.reader-key`, `entry.content-key`, `jwk.point`."""
    if len(content_key) != KEY_SIZE or len(digest) != _HASH_SIZE:
        raise Invalid("entry.content-key", "content key and digest have 32 bytes", mend="give those of the payload")
    return jwe.encrypt(content_key, reader, reader.kid, base64url.encode(digest))


def open_entry(entry: str, key: PrivateKey, digest: bytes | None = None) -> bytes:
    """Return the content key, 32 bytes.

    digest: the document that it must be for; None takes any. Raises Invalid `entry.form`, `entry.other-reader`,
    `entry.other-digest`, `entry.reader-key`, `entry.sealed-wrong`.
    """
    header = _header(entry)
    if header["kid"] != key.public_key.kid:
        raise Invalid("entry.other-reader", "the entry is for another key", mend="ask for the entry made for your key")
    if digest is not None and header["apv"] != base64url.encode(digest):
        raise Invalid("entry.other-digest", "the entry is for another document", mend="ask for that document's entry")
    return jwe.decrypt(entry, key)


def kid_of(entry: str) -> str:
    """Return whom the entry is for: the thumbprint of the key, in base64url. Raises Invalid `entry.form`."""
    return _header(entry)["kid"]


def digest_of(entry: str) -> bytes:
    """Return which document the entry is for. Believe it once the entry opened. Raises Invalid `entry.form`."""
    return base64url.decode(_header(entry)["apv"])


def check_form(entry: str) -> None:
    """Raise Invalid `entry.form` unless the entry is one of ours by form; whether it opens only its reader can tell."""
    _header(entry)


def _header(entry: str) -> dict[str, str]:
    parts = jwe.parse(entry)
    if parts.header.keys() != _HEADER or len(parts.ciphertext) != KEY_SIZE:
        raise jwe.no_form("it does not hold one content key for one reader and one document")
    if not (_is_hash(parts.header["kid"]) and _is_hash(parts.header["apv"])):
        raise jwe.no_form("kid or apv is not a SHA-256 hash in base64url")
    return {name: parts.header[name] for name in ("kid", "apv")}


def _is_hash(text: str) -> bool:
    try:
        return len(base64url.decode(text)) == _HASH_SIZE
    except Invalid:
        return False
