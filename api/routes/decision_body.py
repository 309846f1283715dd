"""What `POST /v1/decisions` takes: envelopes and statements of one consignment, and the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api import file_form
from api.moment import parse as parse_time
from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_pointer import append
from ledger.kinds.problem import DocumentInvalid, Problem
from ledger.strict_json import DEFAULT, JSONValue, Limits, parse
from verifier.consignment.statement import Statement
from verifier.decision.policy import DecisionPolicy
from verifier.decision.policy_reading import read_policy
from verifier.question import Question
from verifier.subject import Subject

LIMITS = Limits(max_bytes=16 * 1024 * 1024, max_depth=DEFAULT.max_depth + 3)
MOST = 32
"""Documents in one consignment."""

_MEMBERS = ("documents", "relying_country", "at", "known_at", "policy")
_FORMS = ({"envelope"}, {"statement", "kind"})


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """`policy`: the rules that the caller sent with it; None: the node's."""

    presented: tuple[Subject | Statement, ...]
    question: Question
    policy: DecisionPolicy | None = None


def read(content: bytes) -> DecisionBody:
    """Return what a body says.

    Raises Invalid `json.*`, `decision.*`, `statement.kind`, `document.schema`, `decision-policy.*`, `time.form`,
    `country.form`, with the member's pointer.
    """
    body = file_form.read(lambda text: parse(text, LIMITS), content)
    if not isinstance(body, dict):
        raise _wrong("", "the body is not an object", "send an object with `documents`")
    for name in body:
        if name not in _MEMBERS:
            raise _wrong(append("", name), f"{name[:40]} is no member that is read here", f"use {', '.join(_MEMBERS)}")
    return DecisionBody(_presented(body), _question(body), _policy(body))


def _presented(body: Mapping[str, JSONValue]) -> tuple[Subject | Statement, ...]:
    listed = body.get("documents")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST:
        raise _wrong("/documents", "this is not a list of documents", f"send 1 to {MOST} documents of one consignment")
    found: dict[bytes, int] = {}
    presented = []
    for number, one in enumerate(listed):
        document = _document(one, f"/documents/{number}")
        name = document.sha256 if isinstance(document, Statement) else document.digest
        if name is not None and found.setdefault(name, number) != number:
            what = f"this is the same document as /documents/{found[name]}"
            raise Invalid("decision.twice", what, pointer=f"/documents/{number}", mend="send each document once")
        presented.append(document)
    return tuple(presented)


def _document(one: JSONValue, pointer: str) -> Subject | Statement:
    if not isinstance(one, dict) or set(one) not in _FORMS:
        what = "this is neither an envelope nor a statement"
        raise _wrong(
            pointer, what, 'send {"envelope": text}, or {"kind": text, "statement": object} without a signature'
        )
    if "envelope" in one:
        return Subject.presented(_text(one, "envelope", pointer).strip(" \t\r\n"))
    kind, statement = _text(one, "kind", pointer), one["statement"]
    try:
        return Statement.read(kind, statement)
    except Invalid as error:
        raise _inside(error, pointer) from None


def _inside(error: Invalid, pointer: str) -> Invalid:
    """Make a pointer into the statement one into the body that holds it."""
    if error.code == "statement.kind":
        error.pointer = f"{pointer}/kind"
        return error
    error.pointer = f"{pointer}/statement{error.pointer or ''}"
    if isinstance(error, DocumentInvalid):
        error.problems = [Problem(f"{pointer}/statement{where}", detail) for where, detail in error.problems]
        error.mend = "correct the members named in the problems; docs/decisions.md says what each statement may hold"
    return error


def _question(body: Mapping[str, JSONValue]) -> Question:
    given = {name: _text(body, name) if name in body else None for name in ("at", "known_at", "relying_country")}
    times = {name: parse_time(text, f"/{name}") if (text := given[name]) else None for name in ("at", "known_at")}
    try:
        return Question(**times, relying_country=given["relying_country"] or None)
    except Invalid as error:
        error.pointer = error.pointer or "/relying_country"
        raise


def _policy(body: Mapping[str, JSONValue]) -> DecisionPolicy | None:
    if "policy" not in body:
        return None
    try:
        return read_policy(_text(body, "policy").encode(), "policy")
    except Invalid as error:
        error.pointer = "/policy"
        raise


def _text(members: Mapping[str, Any], name: str, inside: str = "") -> str:
    value = members[name]
    if not isinstance(value, str):
        raise _wrong(f"{inside}/{name}", "this is not a text", "send a JSON string")
    return value


def _wrong(pointer: str, detail: str, mend: str) -> Invalid:
    return Invalid("decision.body", detail, pointer=printable(pointer), mend=mend)
