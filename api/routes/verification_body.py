"""What verification takes as JSON: an envelope, the text of a QR code or a digest, and the question."""

from api import file_form
from api.moment import parse as parse_time
from api.routes.parameters import digest_of
from ledger.envelope.limits import MAX_BYTES
from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_pointer import append
from ledger.kinds import foreign, likely_kind
from ledger.strict_json import Limits, parse
from verifier.question import Question
from verifier.subject import Subject

# No more is held in memory than an envelope and a question can have.
LIMITS = Limits(max_bytes=MAX_BYTES + 64 * 1024)
_SUBJECTS = ("envelope", "digest", "qr")
_MEMBERS = (*_SUBJECTS, "relying_country", "at", "known_at")
Given = dict[str, str | None]
"""`relying_country`, `at` and `known_at` as given outside of the body; what stands in the body counts more."""


def read(content: bytes, given: Given) -> tuple[Subject, Question]:
    """Return what is asked about what. Raises Invalid `json.*`, `verification.body`, `digest.form`, as `question`."""
    asked = file_form.read(lambda text: parse(text, LIMITS), content)
    if known := foreign(asked):
        raise _wrong(f"this is {known.what}, not an envelope", "verify it where it was issued; here, send an envelope")
    if not isinstance(asked, dict):
        raise _wrong("the body is not an object", "send envelope or digest")
    if not asked.keys() & set(_SUBJECTS) and (kind := likely_kind(asked)):
        raise _wrong(f"this is {kind.noun} without a signature", "send the envelope (.sd-jwt) that it came in")
    for name, value in asked.items():
        if name not in _MEMBERS or not isinstance(value, str):
            what = f"{name[:40]} is not a member that is read here, or not a text"
            raise _wrong(what, f"use texts named {', '.join(_MEMBERS)}", append("", name))
    if len(asked.keys() & set(_SUBJECTS)) != 1:
        raise _wrong("exactly one of `envelope`, `digest` and `qr` is needed", "send one of them")
    asked_question = question(given | {name: str(asked[name]) for name in given if name in asked})
    if "digest" in asked:
        return Subject.named(digest_of(str(asked["digest"]), "/digest")), asked_question
    if "qr" in asked:
        return Subject.scanned(str(asked["qr"])), asked_question
    return Subject.presented(str(asked["envelope"]).strip(" \t\r\n")), asked_question


def check_reportable(subject: Subject) -> None:
    """Raise Invalid `verification.body` for a QR code by value: no report is made on what it says alone."""
    if subject.gate:
        mend = "ask for a report on the envelope, or on the digest that the code names"
        raise _wrong("no report is made on a QR code by value", mend, "/qr")


def question(given: Given) -> Question:
    """Return the question. Raises Invalid `time.form`, `question.time`, `country.form` with the member's pointer."""
    at, known_at = (parse_time(text, f"/{name}") if (text := given[name]) else None for name in ("at", "known_at"))
    try:
        return Question(at=at, known_at=known_at, relying_country=given["relying_country"] or None)
    except Invalid as error:
        error.pointer = error.pointer or "/relying_country"
        raise


def _wrong(detail: str, mend: str, pointer: str = "") -> Invalid:
    return Invalid("verification.body", detail, pointer=printable(pointer), mend=mend)
