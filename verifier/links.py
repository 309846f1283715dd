"""The chain of accreditations above an issuer: the bodies between it and an authority, and what their scope holds."""

from collections.abc import Iterable

from ledger.block import Block
from ledger.dated_list import Entries
from verifier.facts import IssuerFacts, Link
from verifier.sources import Facts

DEEPEST = 8
"""More bodies than any registry allows: where a faulty source goes round in circles, there is no authority on top."""

Scopes = dict[tuple[str, str], Entries]
"""By the link's id and the code."""


def read_bodies(issuer: IssuerFacts, kind: str | None, facts: Facts, block: Block) -> tuple[Link, ...]:
    """Return the bodies above the issuer, the nearest first. Raises what the source raises."""
    links: list[Link] = []
    below = issuer
    while below.accreditor != below.authority and len(links) < DEEPEST:
        found = facts.issuer(below.accreditor, block)
        if found is None:
            break
        accreditation = facts.accreditation(below.accreditor, kind, block) if kind else ()
        links.append(Link(below.accreditor, found, accreditation))
        below = found
    return tuple(links)


def authority_above(issuer: IssuerFacts, bodies: Iterable[Link]) -> str:
    """Return the id of whoever accredited the last link; that must be an authority."""
    return [issuer, *(body.facts for body in bodies)][-1].accreditor


def read_scopes(links: Iterable[Link], kind: str, codes: Iterable[str], facts: Facts, block: Block) -> Scopes:
    """Return since when each code is in scope of each link that was ever limited. Raises what the source raises."""
    limited = [link.id for link in links if is_limited(link)]
    return {(name, code): facts.scope(name, kind, code, block) for code in codes for name in limited}


def is_limited(link: Link) -> bool:
    """Tell whether the link's accreditation ever was limited to a scope."""
    return any(entry.detail for entry in link.accreditation)
