"""What certificates, declarations and invoices say in the same words: items, transport, parties."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from verifier.consignment.mass import kilograms, total
from verifier.consignment.particular import Document, Particular, Reader
from verifier.consignment.party import party_at
from verifier.consignment.plain import plain_code, plain_hs

ITEMS = "/items"


def gross_weight(document: Document) -> list[Particular]:
    """Return the total that is stated, or else the sum of the items, if each of them has a weight."""
    if "grossWeight" in document:
        return [Particular(kilograms(document["grossWeight"]), "/grossWeight")]
    weights = [item.get("grossWeight") for item in document.get("items", ())]
    return [] if not weights or None in weights else [Particular(total(weights), ITEMS)]


def packages(document: Document) -> list[Particular]:
    """Return the number that is stated, or else the sum of the items, if each of them has one."""
    if "packages" in document:
        return [Particular(int(document["packages"]["number"]), "/packages/number")]
    counts = [item.get("packages") for item in document.get("items", ())]
    if not counts or None in counts:
        return []
    return [Particular(sum(int(one["number"]) for one in counts if one), ITEMS)]


def hs_codes(document: Document) -> Iterator[Particular]:
    """Yield the code of each item that has one of six digits or more."""
    for index, item in enumerate(document.get("items", ())):
        if code := plain_hs(item.get("hsCode", "")):
            yield Particular(code, f"{ITEMS}/{index}/hsCode")


def origins(document: Document) -> Iterator[Particular]:
    """Yield HS code and country of origin of each item that has both."""
    for index, item in enumerate(document.get("items", ())):
        if "originCountry" in item and (code := plain_hs(item.get("hsCode", ""))):
            yield Particular((code, item["originCountry"]), f"{ITEMS}/{index}/originCountry")


def invoices(document: Document) -> Iterator[Particular]:
    """Yield the numbers of the invoices that are named."""
    for index, invoice in enumerate(document.get("invoices", ())):
        yield Particular(plain_code(invoice["number"]), f"/invoices/{index}/number")


def party(name: str, group: str | None = None) -> Reader:
    """Return the reader of a party of this name."""
    return Reader(f"/{name}", lambda document: party_at(f"/{name}", document.get(name)), group)


def transport(member: str, group: str | None = None, *, inside: str = "") -> Reader:
    """Return the reader of a code of `transport`."""
    pointer = f"/transport/{member}" + (f"/{inside}" if inside else "")

    def read(document: Document) -> list[Particular]:
        value: Any = document.get("transport", {}).get(member)
        value = value.get(inside) if inside and value else value
        return [Particular(plain_code(value), pointer)] if value else []

    return Reader(pointer, read, group)


def departure(group: str | None = None) -> Reader:
    """Return the reader of the date of departure."""

    def read(document: Document) -> list[Particular]:
        day = document.get("transport", {}).get("departureDate")
        return [Particular(date.fromisoformat(day), "/transport/departureDate")] if day else []

    return Reader("/transport/departureDate", read, group)
