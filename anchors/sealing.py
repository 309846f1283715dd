"""Payloads: a document with its attachments as one ciphertext, which only holders of a reader entry can open.

Deterministic CBOR `{v: 1, digest, nonce, ciphertext, entry}`, and `gate` where the document has a gate statement, which
is open: it is kept here so that a rebuild has it too. The ciphertext is A256GCM over deterministic CBOR
`{v: 1, envelope, attachments: [{name, media_type, content}]}` under a content key of its own, with the digest as
associated data. `entry` is the registrant's own reader entry. docs/payload.md has the exact form.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from anchors import content_cipher, reader_entry
from anchors.content_cipher import sealed_wrong
from anchors.stores.payload_store import MAX_PAYLOAD
from ledger import deterministic_cbor
from ledger.envelope import Attachment
from ledger.errors import Invalid
from ledger.jwk import PublicKey

_VERSION = 1


@dataclass(frozen=True)
class Sealed:
    """A payload, and the key that opens it: for making reader entries, then to be forgotten."""

    payload: bytes = field(repr=False)
    content_key: bytes = field(repr=False)


def seal(
    envelope: str,
    attachments: Sequence[Attachment],
    digest: bytes,
    registrant: PublicKey,
    gate: bytes | None = None,
) -> Sealed:
    """Encrypt a document under a fresh key, with an entry for its registrant.

    envelope: the SD-JWT with all disclosures. gate: its gate statement, which is not encrypted. Raises Invalid
    `payload.digest` if `digest` is not the envelope's, `payload.too-large` above 64 MiB, `entry.reader-key`,
    `jwk.point`.
    """
    if digest != _digest(envelope):
        raise Invalid("payload.digest", "the digest is not that of the envelope", mend="give the envelope's digest")
    _check_size(len(envelope) + sum(len(attachment.content) for attachment in attachments))
    content_key = secrets.token_bytes(content_cipher.KEY_SIZE)
    nonce, ciphertext = content_cipher.encrypt(content_key, _content(envelope, attachments), digest)
    entry = reader_entry.make(content_key, registrant, digest)
    payload = {"v": _VERSION, "digest": digest, "nonce": nonce, "ciphertext": ciphertext, "entry": entry}
    payload |= {} if gate is None else {"gate": gate}
    sealed = Sealed(deterministic_cbor.encode(payload), content_key)
    _check_size(len(sealed.payload))
    return sealed


def open_payload(payload: bytes, content_key: bytes, digest: bytes) -> tuple[str, tuple[Attachment, ...]]:
    """Return the envelope, with all disclosures, and the attachments. The caller verifies both.

    Raises Invalid `payload.too-large`, `payload.form`, `entry.form` (the registrant's entry inside), and
    `payload.sealed-wrong` where key, digest and payload do not belong together or the envelope inside is another
    document.
    """
    sealed = _parse(payload)
    if sealed["digest"] != digest:
        raise sealed_wrong("the payload is of another document")
    content = content_cipher.decrypt(content_key, sealed["nonce"], sealed["ciphertext"], digest)
    envelope, attachments = _read_content(content)
    if _digest(envelope) != digest:
        raise sealed_wrong("the envelope inside is another document")
    return envelope, attachments


def registrant_entry(payload: bytes) -> str:
    """Return the reader entry of whoever registered the payload. Raises as `open_payload` does."""
    entry: str = _parse(payload)["entry"]
    return entry


def gate_of(payload: bytes) -> bytes | None:
    """Return the gate statement that lies in a payload; whether it is one is for its reader to check.

    Raises as `open_payload` does.
    """
    gate: bytes | None = _parse(payload).get("gate")
    return gate


def _digest(envelope: str) -> bytes:
    return sha256(envelope.partition("~")[0].encode("utf-8", "surrogatepass")).digest()


def _check_size(size: int) -> None:
    if size > MAX_PAYLOAD:
        raise Invalid(
            "payload.too-large",
            f"the payload has more than {MAX_PAYLOAD} bytes",
            mend="leave out attachments, or register them with documents of their own",
        )


def _content(envelope: str, attachments: Sequence[Attachment]) -> bytes:
    files = [{"name": file.name, "media_type": file.media_type, "content": file.content} for file in attachments]
    return deterministic_cbor.encode({"v": _VERSION, "envelope": envelope, "attachments": files})


def _read_content(content: bytes) -> tuple[str, tuple[Attachment, ...]]:
    value = deterministic_cbor.decode(content, "payload")
    if not _has(value, {"v": int, "envelope": str, "attachments": list}) or value["v"] != _VERSION:
        raise _no_form()
    return value["envelope"], tuple(map(_attachment, value["attachments"]))


def _attachment(value: Any) -> Attachment:
    if not _has(value, {"name": str, "media_type": str, "content": bytes}):
        raise _no_form()
    return Attachment(value["name"], value["media_type"], value["content"])


def _parse(payload: bytes) -> dict[str, Any]:
    _check_size(len(payload))
    value = deterministic_cbor.decode(payload, "payload")
    members = {"v": int, "digest": bytes, "nonce": bytes, "ciphertext": bytes, "entry": str}
    members |= {"gate": bytes} if isinstance(value, dict) and "gate" in value else {}
    if not _has(value, members) or value["v"] != _VERSION:
        raise _no_form()
    if reader_entry.digest_of(value["entry"]) != value["digest"]:
        raise sealed_wrong("the entry inside is for another document")
    parsed: dict[str, Any] = value
    return parsed


def _has(value: Any, members: dict[str, type]) -> bool:
    """Tell whether `value` is a map of exactly these members with exactly these types."""
    return isinstance(value, dict) and {name: type(member) for name, member in value.items()} == members


def _no_form() -> Invalid:
    return Invalid("payload.form", "not a payload of ours", mend="take the bytes that the CID in the manifest names")
