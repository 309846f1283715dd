"""What a bill of lading says (DCSA TransportDocument 3.0.4)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from verifier.consignment.aspect import Aspect
from verifier.consignment.mass import total
from verifier.consignment.particular import Document, Particular, Reader, Readers
from verifier.consignment.party import Party, codes_of
from verifier.consignment.plain import plain_code, plain_hs

_EQUIPMENT, _ITEMS, _PARTIES, _TRANSPORTS = (
    "/utilizedTransportEquipments",
    "/consignmentItems",
    "/documentParties",
    "/transports",
)


def _number(document: Document) -> list[Particular]:
    return [Particular(plain_code(document["transportDocumentReference"]), "/transportDocumentReference")]


def _equipment(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for index, one in enumerate(document["utilizedTransportEquipments"]):
        if reference := one["equipment"].get("equipmentReference"):
            yield f"{_EQUIPMENT}/{index}", plain_code(reference), one


def _containers(document: Document) -> Iterator[Particular]:
    for pointer, container, _ in _equipment(document):
        yield Particular(container, f"{pointer}/equipment/equipmentReference")


def _seals(document: Document) -> Iterator[Particular]:
    for pointer, container, one in _equipment(document):
        for index, seal in enumerate(one.get("seals", ())):
            yield Particular((container, plain_code(seal["number"])), f"{pointer}/seals/{index}/number")


def _cargo(document: Document) -> list[Mapping[str, Any]]:
    return [cargo for item in document["consignmentItems"] for cargo in item["cargoItems"]]


def _weight(document: Document) -> list[Particular]:
    return [Particular(total(cargo["cargoGrossWeight"] for cargo in _cargo(document)), _ITEMS)]


def _packages(document: Document) -> list[Particular]:
    count = sum(int(cargo["outerPackaging"]["numberOfPackages"]) for cargo in _cargo(document))
    return [Particular(count, _ITEMS)]


def _hs_codes(document: Document) -> Iterator[Particular]:
    for index, item in enumerate(document["consignmentItems"]):
        for place, code in enumerate(item["HSCodes"]):
            if heading := plain_hs(code):
                yield Particular(heading, f"{_ITEMS}/{index}/HSCodes/{place}")


def _parties(document: Document, *names: str) -> Iterator[Particular]:
    parties = document["documentParties"]
    for name in names:
        if name in parties:
            yield Particular(_party(parties[name]), f"{_PARTIES}/{name}")


def _exporter(document: Document) -> Iterator[Particular]:
    yield from _parties(document, "shipper", "onBehalfOfShipper")


def _importer(document: Document) -> Iterator[Particular]:
    """A bill to order names no consignee: whoever is to be told of the arrival stands for it."""
    yield from _parties(document, "consignee", "onBehalfOfConsignee", "endorsee")
    for index, party in enumerate(document["documentParties"].get("notifyParties", ())):
        yield Particular(_party(party), f"{_PARTIES}/notifyParties/{index}")


def _party(party: Mapping[str, Any]) -> Party:
    listed = party.get("identifyingCodes", ())
    codes = [(one.get("codeListName", one["codeListProvider"]), one["partyCode"]) for one in listed]
    codes += [(one["type"], one["value"]) for one in party.get("taxLegalReferences", ())]
    return Party(party["partyName"], codes_of(codes))


def _port(name: str) -> Reader:
    pointer = f"{_TRANSPORTS}/{name}/UNLocationCode"

    def read(document: Document) -> list[Particular]:
        code = document["transports"][name].get("UNLocationCode")
        return [Particular(plain_code(code), pointer)] if code else []

    return Reader(pointer, read)


def _departure(document: Document) -> list[Particular]:
    if "shippedOnBoardDate" in document:
        return [Particular(date.fromisoformat(document["shippedOnBoardDate"]), "/shippedOnBoardDate")]
    planned = date.fromisoformat(document["transports"]["plannedDepartureDate"])
    return [Particular(planned, f"{_TRANSPORTS}/plannedDepartureDate")]


BILL: Readers = {
    Aspect.CARRIED_UNDER: Reader("/transportDocumentReference", _number),
    Aspect.CONTAINERS: Reader(_EQUIPMENT, _containers),
    Aspect.SEALS: Reader(_EQUIPMENT, _seals),
    Aspect.GROSS_WEIGHT: Reader(_ITEMS, _weight, _ITEMS),
    Aspect.PACKAGES: Reader(_ITEMS, _packages, _ITEMS),
    Aspect.HS_CODES: Reader(_ITEMS, _hs_codes, _ITEMS),
    Aspect.EXPORTER: Reader(f"{_PARTIES}/shipper", _exporter, _PARTIES),
    Aspect.IMPORTER: Reader(_PARTIES, _importer, _PARTIES),
    Aspect.LOADING: _port("portOfLoading"),
    Aspect.DISCHARGE: _port("portOfDischarge"),
    Aspect.DEPARTURE: Reader("/shippedOnBoardDate", _departure),
}
