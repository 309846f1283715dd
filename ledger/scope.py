"""What a document states of agreement, HS chapter and port: what an issuer's scope is about (IIssuerRegistry.addScope).

| kind | agreement | HS chapter | port |
|---|---|---|---|
| certificate of origin | `/agreement` | `hsCode` of every item | `/transport/portOfLoading` |
| bill of lading | | `HSCodes` of every consignment item | `/transports/portOfLoading` |

A gate statement says the agreement of a certificate and the port of a bill; of the others what they lie within.
Where the table is empty nothing in the document can decide, and a limit of that sort covers no document of the kind.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.issuer_state import Limit

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says about one limit. `pointer`: the member that decides, None if the kind has none.

    codes: as the registry knows them (`hs.84`). withheld: the member is, or may be, withheld. complete: it is there,
    and all of it could be read as codes. unsaid: only a gate statement is there, which does not say it; within: codes
    that the issuer says it has none besides.
    """

    pointer: str | None = None
    codes: tuple[str, ...] = ()
    withheld: bool = False
    complete: bool = False
    unsaid: bool = False
    within: tuple[str, ...] = ()


def scope_of(kind: str, document: Document, withheld: Collection[str] = ()) -> Mapping[Limit, Statement]:
    """Return what a valid document of the kind says about every limit; `withheld`: JSON pointers of its groups."""
    places = _PLACES.get(kind, {})
    return {limit: _statement(places.get(limit), document, withheld) for limit in Limit}


def scope_of_gate(kind: str, fields: Mapping[str, Any], within: Collection[str]) -> Mapping[Limit, Statement]:
    """Return what a gate statement says about every limit; `fields`: by name, `within`: its codes."""
    places, said = _PLACES.get(kind, {}), _SAID.get(kind, {})
    return {limit: _of_gate(limit, places.get(limit), said.get(limit), fields, within) for limit in Limit}


def lies_within(kind: str, document: Document, within: Collection[str]) -> bool:
    """Tell whether a whole document states something, and nothing besides these codes, of each sort that is in them."""
    stated = scope_of(kind, document)
    named = {limit: set(codes) for limit in Limit if (codes := of_sort(limit, within))}
    return all(stated[limit].complete and codes.issuperset(stated[limit].codes) for limit, codes in named.items())


def of_sort(limit: Limit, codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes that are about a limit."""
    return tuple(code for code in codes if code.startswith(f"{_SORTS[limit]}."))


def is_code(text: str) -> bool:
    """Tell whether it is a code of one of the sorts."""
    sort, _, name = text.partition(".")
    return sort in _SORTS.values() and _code(sort, name) == text


@dataclass(frozen=True, slots=True)
class _Place:
    pointer: str
    read: Callable[[Document], Iterable[str | None]]


def _statement(place: _Place | None, document: Document, withheld: Collection[str]) -> Statement:
    if place is None:
        return Statement()
    if any(f"{place.pointer}/".startswith(f"{group}/") for group in withheld):
        return Statement(place.pointer, withheld=True)
    found = list(place.read(document))
    codes = tuple(sorted({code for code in found if code}))
    return Statement(place.pointer, codes, complete=bool(found) and all(found))


def _of_gate(
    limit: Limit, place: _Place | None, said: "_Said | None", fields: Mapping[str, Any], within: Collection[str]
) -> Statement:
    if place is None:
        return Statement()
    value = fields.get(said.name) if said else None
    # What was cut says nothing of its end.
    if said is not None and isinstance(value, str) and not value.endswith("…"):
        return _statement(place, said.document(value), ())
    return Statement(place.pointer, unsaid=True, within=of_sort(limit, within))


def _agreement(document: Document) -> Iterable[str | None]:
    if stated := document.get("agreement"):
        # What another alphabet says cannot be brought into the form of an id, and must not be left out of it.
        words = re.sub(r"[^a-z0-9]+", "-", stated.lower()).strip("-") if stated.isascii() else ""
        yield _code("agreement", words)


def _chapters_of_items(document: Document) -> Iterable[str | None]:
    for item in document.get("items", ()):
        yield _chapter(item.get("hsCode", ""))


def _chapters_of_consignment(document: Document) -> Iterable[str | None]:
    for item in document.get("consignmentItems", ()):
        yield from map(_chapter, item.get("HSCodes") or [""])


def _port_of_transport(document: Document) -> Iterable[str | None]:
    return _port(document.get("transport", {}))


def _port_of_transports(document: Document) -> Iterable[str | None]:
    return _port(document.get("transports", {}))


def _port(transport: Document) -> Iterable[str | None]:
    if stated := transport.get("portOfLoading"):
        yield _code("port", stated.get("UNLocationCode", "").lower())


def _chapter(hs_code: str) -> str | None:
    digits = re.sub(r"[. ]", "", hs_code)[:2]
    return _code("hs", digits if len(digits) == 2 else "")


def _code(sort: str, name: str) -> str | None:
    try:
        to_bytes32(f"{sort}.{name}")
    except Invalid:
        return None
    return f"{sort}.{name}"


@dataclass(frozen=True, slots=True)
class _Said:
    """A field of a gate statement that says it, and a document with nothing else."""

    name: str
    document: Callable[[str], Document]


_SORTS: Mapping[Limit, str] = MappingProxyType(
    {Limit.AGREEMENT: "agreement", Limit.HS_CHAPTER: "hs", Limit.PORT: "port"}
)
_SAID: Mapping[str, Mapping[Limit, _Said]] = MappingProxyType(
    {
        "certificate-of-origin": {Limit.AGREEMENT: _Said("agreement", lambda text: {"agreement": text})},
        "bill-of-lading": {
            Limit.PORT: _Said("portOfLoading", lambda text: {"transports": {"portOfLoading": {"UNLocationCode": text}}})
        },
    }
)
_PLACES: Mapping[str, Mapping[Limit, _Place]] = MappingProxyType(
    {
        "certificate-of-origin": {
            Limit.AGREEMENT: _Place("/agreement", _agreement),
            Limit.HS_CHAPTER: _Place("/items", _chapters_of_items),
            Limit.PORT: _Place("/transport/portOfLoading", _port_of_transport),
        },
        "bill-of-lading": {
            Limit.HS_CHAPTER: _Place("/consignmentItems", _chapters_of_consignment),
            Limit.PORT: _Place("/transports/portOfLoading", _port_of_transports),
        },
    }
)
