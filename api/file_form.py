"""Files that are no JSON and no envelope, by their first bytes or media type: for the words of a refusal."""

from collections.abc import Callable
from typing import TypeVar

from ledger.errors import Invalid

_BEGINNINGS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<", "XML"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP file (as .docx and .xlsx are)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"UNB+", "an EDIFACT message"),
    (b"UNA:", "an EDIFACT message"),
)
_MEDIA_TYPES = (
    ("/xml", "XML"),
    ("+xml", "XML"),
    ("/pdf", "a PDF"),
    ("/zip", "a ZIP file"),
    ("/csv", "a table"),
    ("image/", "an image"),
    ("text/html", "a web page"),
    ("multipart/", "a form"),
    ("/x-www-form-urlencoded", "a form"),
    ("openxmlformats", "a file of an office program"),
)
_MARKS = b"\xef\xbb\xbf \t\r\n"
T = TypeVar("T")


def form_of(content: bytes) -> str | None:
    """Return what a file is, with its article, if its first bytes say so."""
    beginning = content[:64].lstrip(_MARKS)
    folded = beginning.lower()
    return next((form for mark, form in _BEGINNINGS if beginning.startswith(mark) or folded.startswith(mark)), None)


def unread(media_type: str, *taken: str) -> Invalid:
    """Return Invalid `body.media-type` for a media type that is none of those `taken`."""
    form = next((form for mark, form in _MEDIA_TYPES if mark in media_type), None)
    if form is None:
        what = f"{media_type[:80] or 'a body without a media type'} is not read here"
        return Invalid("body.media-type", what, mend=f"send {_one_of(taken)}")
    return Invalid(
        "body.media-type", f"this is {form} ({media_type[:80]}), which is not read here", mend=_instead(form)
    )


def read(reader: Callable[[bytes], T], content: bytes) -> T:
    """Return what `reader` reads from JSON. Raises as it does, but says so if the content is another form of file."""
    try:
        return reader(content)
    except Invalid as error:
        form = form_of(content) if error.code in ("json.syntax", "json.encoding", "json.byte-order-mark") else None
        if form is None:
            raise
        raise Invalid(error.code, f"this is {form}, not JSON", mend=_instead(form)) from None


def check_envelope(envelope: str) -> str:
    """Return `envelope`. Raises Invalid `envelope.form` if it is, at a glance, another form of file."""
    form = "a JSON document without a signature" if envelope.lstrip()[:1] == "{" else form_of(envelope[:64].encode())
    if form is not None:
        raise Invalid("envelope.form", f"this is {form}, not an envelope", mend=_instead(form))
    return envelope


def _instead(form: str) -> str:
    if form.startswith("a JSON"):
        return "send it as application/json, in the member `document` beside `kind`"
    if form == "a form":
        return "send the document itself as the body, not a form with a file in it"
    return (
        "send what it says as a JSON document of one of the kinds of docs/kinds.md; "
        "the file itself can be attached to that document (`attachments`)"
    )


def _one_of(names: tuple[str, ...]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
