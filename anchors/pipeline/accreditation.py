"""The chain of accreditations from an issuer up to its authority, and what speaks against each link at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.dated_list import Entries, at, code_at
from ledger.issuer_registry import IssuerRegistry, IssuerState, Limit
from ledger.scope import of_sort, scope_of

DEEPEST = 8
"""More bodies than any registry allows: a faulty node must not lead in a circle."""

_EVERY_LIMIT = sum(Limit)

ScopeEntries = Callable[[str, str], Entries]
"""Reads since when a code is in the scope of a link: the link's id, the code."""


@dataclass(frozen=True)
class Link:
    """An issuer or a body. accreditation: for the kind. body: since when it may accredit others."""

    id: str
    state: Entries
    accreditation: Entries
    body: Entries = ()


def read_links(issuers: IssuerRegistry, issuer: str, kind: str, block: int) -> tuple[tuple[Link, ...], str]:
    """Return the links, the issuer first, and the id of the authority above them; an empty id if there is none.

    Raises Unavailable `chain.*`.
    """
    top, name = issuers.authority_of(issuer, block), issuer
    links: list[Link] = []
    while name != top and len(links) < DEEPEST:
        above = issuers.accreditor(name, block)
        if above is None:
            return tuple(links), ""
        state, accreditation = issuers.issuer_entries(name, block), issuers.accreditation_entries(name, kind, block)
        links.append(Link(name, state, accreditation, issuers.body_entries(name, block) if links else ()))
        name = above
    return tuple(links), name


def link_concerns(links: tuple[Link, ...], time: int) -> dict[str, bool]:
    """Return what may speak against issuer and bodies at `time`, whatever the document states, and whether it does."""
    issuer, bodies = links[0], links[1:]
    state, above = code_at(issuer.state, time), [code_at(body.state, time) for body in bodies]
    return {
        "issuer.suspended": state == IssuerState.SUSPENDED,
        "issuer.not-active": state not in (IssuerState.ACTIVE, IssuerState.SUSPENDED),
        "issuer.not-accredited": code_at(issuer.accreditation, time) != 1,
        "issuer.body-suspended": IssuerState.SUSPENDED in above,
        "issuer.body-not-in-force": not {IssuerState.ACTIVE, IssuerState.SUSPENDED}.issuperset(above),
        "issuer.body-not-authorized": any(code_at(body.body, time) != 1 for body in bodies),
        "issuer.body-not-accredited": any(code_at(body.accreditation, time) != 1 for body in bodies),
    }


def scope_concerns(
    links: tuple[Link, ...], kind: str, document: Mapping[str, Any], time: int, entries: ScopeEntries
) -> tuple[str, ...]:
    """Return what speaks at `time` against a whole document, as one within the scope of each link."""
    return tuple(dict.fromkeys(_outside(links, kind, document, time, entries)))


def codes_in_scope(
    links: tuple[Link, ...], time: int, codes: Callable[[str], Iterable[str]], entries: ScopeEntries
) -> tuple[str, ...]:
    """Return the codes that every limited link has in scope at `time`, of the sorts that it is limited to.

    codes: every code that a link ever had. No code where nothing is limited.
    """
    held: dict[Limit, set[str]] = {}
    for link in links:
        for limit in Limit(_limits(link, time)):
            in_force = {one for one in of_sort(limit, codes(link.id)) if code_at(entries(link.id, one), time) == 1}
            held[limit] = held.get(limit, in_force) & in_force
    return tuple(sorted(code for some in held.values() for code in some))


def _outside(
    links: tuple[Link, ...], kind: str, document: Mapping[str, Any], time: int, entries: ScopeEntries
) -> Iterator[str]:
    limited = [(link, limits) for link in links if (limits := _limits(link, time))]
    # Most are not limited, and reading what the document states costs more than all the rest.
    stated = scope_of(kind, document) if limited else {}
    for link, limits in limited:
        for limit in Limit(limits):
            if not stated[limit].complete:
                yield "issuer.scope-not-stated"
            if any(code_at(entries(link.id, code), time) != 1 for code in stated[limit].codes):
                yield "issuer.out-of-scope"


def _limits(link: Link, time: int) -> int:
    accredited = at(link.accreditation, time)
    return accredited.detail & _EVERY_LIMIT if accredited and accredited.code == 1 else 0
