"""What the registries say about the issuer: an unbroken chain of accreditations up to the consortium, at a time."""

from ledger.issuer_registry import IssuerState
from verifier.checks.concern import Concern, concern_at
from verifier.facts import AuthorityFacts, Entries, IssuerFacts

_ISSUER = {0: "issuer.not-in-force", IssuerState.ACTIVE: None, IssuerState.SUSPENDED: "issuer.suspended"}
_ACCREDITATION = {0: "issuer.accreditation-not-in-force", 1: None}
_AUTHORITY = {0: "issuer.authority-not-in-office", 1: None}
_MEMBER = {0: "issuer.country-not-member", 1: None}
_UNREADABLE = "issuer.unreadable"


def issuer_concerns(issuer: IssuerFacts, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks against the issuer itself at `time`."""
    return concern_at(issuer.entries, time, known_at, _ISSUER, _UNREADABLE)


def kind_concerns(accreditation: Entries, kind: str, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks against its issuing this kind at `time`."""
    if not any(known_at is None or entry.recorded_at <= known_at for entry in accreditation):
        return [Concern("issuer.not-accredited", {"at": time, "kind": kind})]
    return concern_at(accreditation, time, known_at, _ACCREDITATION, _UNREADABLE)


def authority_concerns(authority: AuthorityFacts, time: int, known_at: int | None) -> list[Concern]:
    """Return what speaks at `time` against the authority that accredited it, or that authority's country."""
    concerns = concern_at(authority.entries, time, known_at, _AUTHORITY, _UNREADABLE)
    return concerns + concern_at(authority.member_entries, time, known_at, _MEMBER, _UNREADABLE)
