"""What the registries say about the issuer: an unbroken chain of accreditations up to the consortium, at a time."""

from dataclasses import replace
from typing import Any

from ledger.dated_list import Entries, code_at
from ledger.issuer_state import IssuerState, Power
from verifier.checks.concern import Concern, concern_at
from verifier.facts import AuthorityFacts, IssuerFacts, Link

_ISSUER = {0: "issuer.not-in-force", IssuerState.ACTIVE: None, IssuerState.SUSPENDED: "issuer.suspended"}
_ACCREDITATION = {0: "issuer.accreditation-not-in-force", 1: None}
_BODY = {0: "issuer.body-not-in-force", IssuerState.ACTIVE: None, IssuerState.SUSPENDED: "issuer.body-suspended"}
_BODY_AUTHORIZED = {0: "issuer.body-not-authorized", 1: None}
_BODY_ACCREDITATION = {0: "issuer.body-not-accredited", 1: None}
_AUTHORITY = {0: "issuer.authority-not-in-office", 1: None}
_MEMBER = {0: "issuer.country-not-member", 1: None}
_UNREADABLE = "issuer.unreadable"


def issuer_concerns(name: str, issuer: IssuerFacts, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks against the issuer itself at `time`."""
    concerns = concern_at(issuer.entries, time, known_at, _ISSUER, _UNREADABLE)
    return _of_link(name, concerns, _held_by(issuer, time, known_at))


def kind_concerns(name: str, accreditation: Entries, kind: str, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks against its issuing this kind at `time`."""
    if not any(known_at is None or entry.recorded_at <= known_at for entry in accreditation):
        return _of_link(name, [Concern("issuer.not-accredited", {"at": time, "kind": kind})])
    return _of_link(name, concern_at(accreditation, time, known_at, _ACCREDITATION, _UNREADABLE), {"kind": kind})


def body_concerns(body: Link, kind: str | None, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks at `time` against a body between the issuer and the authority."""
    state = concern_at(body.facts.entries, time, known_at, _BODY, _UNREADABLE)
    concerns = _of_link(body.id, state, _held_by(body.facts, time, known_at))
    concerns += _of_link(body.id, concern_at(body.facts.body, time, known_at, _BODY_AUTHORIZED, _UNREADABLE))
    if kind is None:
        return concerns
    accredited = concern_at(body.accreditation, time, known_at, _BODY_ACCREDITATION, _UNREADABLE)
    return concerns + _of_link(body.id, accredited, {"kind": kind})


def authority_concerns(name: str, authority: AuthorityFacts, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks at `time` against the authority at the top, or that authority's country."""
    concerns = _of_link(name, concern_at(authority.entries, time, known_at, _AUTHORITY, _UNREADABLE))
    member = concern_at(authority.member_entries, time, known_at, _MEMBER, _UNREADABLE)
    return concerns + _of_link(authority.country, member)


def _of_link(name: str, concerns: list[Concern], more: dict[str, Any] | None = None) -> list[Concern]:
    """Say which link of the chain it is about."""
    return [replace(one, facts={"link": name, **one.facts, **(more or {})}) for one in concerns]


def _held_by(issuer: IssuerFacts, time: int, known_at: int | None) -> dict[str, Any]:
    """Say by whom it is suspended, as far as the registry tells."""
    held = code_at(issuer.holds, time, known_at)
    return {"suspended_by": Power(held).name.lower()} if held in (Power.BODY, Power.AUTHORITY) else {}
