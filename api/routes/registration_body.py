"""What `POST /v1/documents` takes: an envelope, or JSON with an envelope or a document to sign."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import file_form
from api.routes.parameters import digest_of
from ledger.envelope import Attachment
from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_pointer import append
from ledger.kinds import foreign, likely_kind
from ledger.strict_json import JSONValue, Limits, parse

ENVELOPE = "application/dc+sd-jwt"
JSON = "application/json"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
LIMITS = Limits(max_bytes=96 * 1024 * 1024)
_MEMBERS = {"envelope", "document", "kind", "issuer", "readers", "supersedes", "attachments", "gate"}


@dataclass(frozen=True)
class RegistrationBody:
    """One thing to register: `envelope`, or `document` with `kind` (and `issuer`, if the tenant has several).

    gate: the gate statement that was made beside the envelope. makes_gate: of a document, whether to make one.
    """

    envelope: str | None = None
    document: dict[str, Any] | None = None
    kind: str = ""
    issuer: str | None = None
    readers: tuple[str, ...] = ()
    supersedes: bytes | None = None
    attachments: tuple[Attachment, ...] = ()
    gate: bytes | None = None
    makes_gate: bool = True


def read(content: bytes) -> RegistrationBody:
    """Return what a JSON body says. Raises Invalid `json.*`, `registration.*` with the member's pointer."""
    body = file_form.read(lambda text: parse(text, LIMITS), content)
    if not isinstance(body, dict) or not (body.keys() <= _MEMBERS):
        raise _other_body(body)
    if ("envelope" in body) == ("document" in body):
        raise _wrong("", "exactly one of `envelope` and `document` is needed", "send one of them")
    return RegistrationBody(
        envelope=_envelope(body),
        document=_document(body),
        kind=_kind(body),
        issuer=_text(body, "issuer"),
        readers=tuple(_reader(item, number) for number, item in enumerate(_list(body, "readers"))),
        supersedes=_supersedes(body),
        attachments=tuple(_attachment(item, number) for number, item in enumerate(_list(body, "attachments"))),
        gate=_gate(body),
        makes_gate=body.get("gate") is not False,
    )


def _other_body(body: JSONValue) -> Invalid:
    """Say what was sent instead: a document by itself, something known, or an object with a member too many."""
    if known := foreign(body):
        return _wrong("", f"this is {known.what}", known.mend)
    if not isinstance(body, dict):
        return _wrong("", "the body is not an object", "send an object with `envelope`, or `document` and `kind`")
    if "document" not in body and (kind := likely_kind(body)):
        mend = f'send {{"kind": "{kind.name}", "document": ...}} with it in place of the dots'
        return _wrong("", f"this is {kind.noun} by itself, without its kind", mend)
    other = next(name for name in body if name not in _MEMBERS)
    what = "no such member" if body.keys() & _MEMBERS else "no such member, and neither `envelope` nor `document`"
    return _wrong(printable(append("", other)), what, f"known are {', '.join(sorted(_MEMBERS))}")


def _envelope(body: Mapping[str, JSONValue]) -> str | None:
    envelope = _text(body, "envelope")
    return None if envelope is None else file_form.check_envelope(envelope)


def _document(body: Mapping[str, JSONValue]) -> dict[str, Any] | None:
    document = body.get("document")
    if document is None and "document" not in body:
        return None
    if not isinstance(document, dict):
        known = foreign(document)
        what, mend = known or ("a document is a JSON object", "send the document itself, not text that holds it")
        raise _wrong("/document", f"this is {what}" if known else what, mend)
    return document


def _kind(body: Mapping[str, JSONValue]) -> str:
    kind = _text(body, "kind") or ""
    if "document" in body and not kind:
        raise _wrong("/kind", "the kind of the document is missing", "add `kind`, such as bill-of-lading")
    return kind


def _supersedes(body: Mapping[str, JSONValue]) -> bytes | None:
    text = _text(body, "supersedes")
    return None if text is None else digest_of(text, "/supersedes")


def _reader(item: JSONValue, number: int) -> str:
    if not isinstance(item, str):
        raise _wrong(f"/readers/{number}", "a reader is named by its id", "use a text such as sg.customs")
    return item


def _attachment(item: JSONValue, number: int) -> Attachment:
    pointer = f"/attachments/{number}"
    if not isinstance(item, dict) or set(item) != {"name", "media_type", "content"}:
        raise _wrong(pointer, "an attachment has name, media_type and content", "send these three members")
    name, media_type, content = (_text(item, member) for member in ("name", "media_type", "content"))
    try:
        return Attachment(name or "", media_type or "", base64.b64decode(content or "", validate=True))
    except (binascii.Error, ValueError):
        raise _wrong(f"{pointer}/content", "the content is not base64", "encode it by RFC 4648 §4") from None


def _gate(body: Mapping[str, JSONValue]) -> bytes | None:
    """Of an envelope the statement itself; of a document whether there is to be one."""
    if "gate" not in body or ("document" in body and isinstance(body["gate"], bool)):
        return None
    if "document" in body:
        raise _wrong("/gate", "the node signs, and makes the gate statement too", "send true or false, or leave it out")
    gate = body["gate"]
    try:
        return base64.b64decode(gate if isinstance(gate, str) else "!", validate=True)
    except (binascii.Error, ValueError):
        raise _wrong("/gate", "the gate statement is not base64", "encode its bytes by RFC 4648 §4") from None


def _text(body: Mapping[str, JSONValue], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise _wrong(f"/{name}", "this is not a text", "send a JSON string")
    return value


def _list(body: Mapping[str, JSONValue], name: str) -> list[JSONValue]:
    value = body.get(name, [])
    if not isinstance(value, list):
        raise _wrong(f"/{name}", "this is not a list", "send a JSON array")
    return value


def _wrong(pointer: str, detail: str, mend: str) -> Invalid:
    return Invalid("registration.body", detail, pointer=pointer, mend=mend)
