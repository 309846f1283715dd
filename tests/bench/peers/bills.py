"""The bills of lading of the peers' input, in the form of our kind.

Their generator has a form of its own, so each is brought to the DCSA TransportDocument before any clock starts, as the
peers wrap the same bills in document types of theirs. Every value stays, under DCSA's name where there is one and under
its own otherwise; terms become DCSA's codes, long descriptions several lines. Added is only what the schema asks for
and the bill does not say: status, electronic, movement types, day of arrival (that of departure), the contact.
"""

import json
from pathlib import Path
from textwrap import wrap
from typing import Any

Source = dict[str, Any]

_LINE = 35
_MOVED = {
    *("blNumber", "bookingNumber", "negotiable", "originals", "issueDate", "shippedOnBoardDate", "placeOfIssue"),
    *("carrier", "shipper", "consignee", "notifyParty", "vessel", "route", "containers", "goods", "freight", "clauses"),
}
_TERMS = {"PREPAID": "PRE", "COLLECT": "COL"}


def read_bills(path: str, count: int) -> list[Source]:
    """Return the first `count` bills of an NDJSON file, mapped."""
    with Path(path).open(encoding="utf-8") as lines:
        return [bill_of_lading(json.loads(line)) for line, _ in zip(lines, range(count), strict=False)]


def bill_of_lading(source: Source) -> Source:
    """Return our bill of lading for one of the peers'."""
    kept = {name: member for name, member in source.items() if name not in _MOVED}
    return kept | _head(source) | {"transports": _transports(source)} | _cargo(source) | _parties(source)


def _head(source: Source) -> Source:
    freight, places = source["freight"], source["route"]
    return {
        "transportDocumentReference": source["blNumber"],
        "transportDocumentStatus": "ISSUED",
        "transportDocumentTypeCode": "BOL",
        "isShippedOnBoardType": True,
        "isElectronic": True,
        "isToOrder": source["negotiable"],
        "numberOfOriginalsWithoutCharges": source["originals"],
        "issueDate": source["issueDate"],
        "shippedOnBoardDate": source["shippedOnBoardDate"],
        "placeOfIssue": {
            "locationName": source["placeOfIssue"],
            "UNLocationCode": places["portOfLoading"]["locode"],
        },
        "freightPaymentTermCode": _TERMS[freight["term"]],
        "invoicePayableAt": {"freeText": freight["payableAt"]},
        "freight": {"currency": freight["currency"], "amount": freight["amount"]},
        "termsAndConditions": source["clauses"][3],
        "carrierClauses": source["clauses"][:3],
        "receiptTypeAtOrigin": "CY",
        "deliveryTypeAtDestination": "CY",
        "cargoMovementTypeAtOrigin": "FCL",
        "cargoMovementTypeAtDestination": "FCL",
        "carrierCode": source["carrier"]["scac"],
        "carrierCodeListProvider": "NMFTA",
    }


def _transports(source: Source) -> Source:
    route, vessel, day = source["route"], source["vessel"], source["shippedOnBoardDate"]
    return {
        "plannedDepartureDate": day,
        "plannedArrivalDate": day,
        "placeOfReceipt": {"locationName": route["placeOfReceipt"]},
        "placeOfDelivery": {"locationName": route["placeOfDelivery"]},
        "portOfLoading": _port(route["portOfLoading"]),
        "portOfDischarge": _port(route["portOfDischarge"]),
        "vesselVoyages": [
            {
                "vesselName": vessel["name"],
                "carrierExportVoyageNumber": vessel["voyage"],
                "imo": vessel["imo"],
                "flag": vessel["flag"],
            }
        ],
    }


def _port(port: Source) -> Source:
    return {"locationName": port["name"], "UNLocationCode": port["locode"]}


def _parties(source: Source) -> Source:
    country = source["route"]["portOfLoading"]["locode"][:2]
    place = {"street": "", "city": source["placeOfIssue"], "countryCode": country}
    return {
        "documentParties": {
            "shipper": _party(source["shipper"]),
            "consignee": _party(source["consignee"]),
            "notifyParties": [_party(source["notifyParty"])],
            "issuingParty": {"partyName": source["carrier"]["name"], "address": place},
        },
        "partyContactDetails": [_contact(source["shipper"])],
    }


def _party(party: Source) -> Source:
    address, identifier = party["address"], party["identifier"]
    return {
        "partyName": party["name"],
        "role": party["role"],
        "identifyingCodes": [{"codeListProvider": identifier["scheme"], "partyCode": identifier["value"]}],
        "address": {
            "street": address["street"],
            "city": address["city"],
            "postCode": address["postalCode"],
            "countryCode": address["country"],
        },
        "partyContactDetails": [_contact(party)],
    }


def _contact(party: Source) -> Source:
    return {"name": party["role"], "email": party["email"]}


def _cargo(source: Source) -> Source:
    containers = source["containers"]
    return {
        "consignmentItems": [
            _item(source["bookingNumber"], goods, container)
            for goods, container in zip(source["goods"], containers, strict=True)
        ],
        "utilizedTransportEquipments": [_equipment(container) for container in containers],
    }


def _item(booking: str, goods: Source, container: Source) -> Source:
    return {
        "line": goods["line"],
        "originCountry": goods["originCountry"],
        "dangerous": goods["dangerous"],
        "carrierBookingReference": booking,
        "descriptionOfGoods": wrap(goods["description"], _LINE),
        "HSCodes": [goods["hsCode"]],
        "shippingMarks": [goods["marks"]],
        "cargoItems": [
            {
                "equipmentReference": container["number"],
                "cargoGrossWeight": {"value": goods["grossKg"], "unit": "KGM"},
                "cargoGrossVolume": {"value": goods["volumeM3"], "unit": "MTQ"},
                "outerPackaging": {"numberOfPackages": goods["packages"], "description": goods["packageType"]},
            }
        ],
    }


def _equipment(container: Source) -> Source:
    return {
        "equipment": {"equipmentReference": container["number"], "ISOEquipmentCode": container["isoType"]},
        "isShipperOwned": False,
        "seals": [{"number": container["seal"]}],
        "grossKg": container["grossKg"],
        "vgmKg": container["vgmKg"],
    }
