"""From the certificates and credentials of other projects to our kinds.

Nothing is invented: what a source does not say is left out. Countries are brought to ISO 3166-1, days to YYYY-MM-DD,
goods are counted from 1 in the order in which they stand.
"""

import re
from collections.abc import Iterator
from typing import Any

Source = dict[str, Any]

_COUNTRIES = {"AUD": "AU", "SNG": "SG", "AUSTRALIA": "AU", "SINGAPORE": "SG"}
_UNITS = {"KG": "KGM", "": "KGM"}
_SALTED = re.compile(r"[0-9a-f-]{36}:(string|number|boolean|null|undefined):(.*)", re.DOTALL)
_SECTORS = {"Sea Carrier": "carrier"}


def certificate_of_origin(source: Source) -> Source:
    """Return our certificate of origin for one of TradeTrust, DVP (AANZFTA) or the W3C traceability vocabulary."""
    if "manufacturingCountry" in source.get("credentialSubject", {}):
        return _of_traceability(source)
    if "schemaType" in source:
        return _of_nested(source["verifiableCredential"]["credentialSubject"], agreement="AANZFTA")
    if "credentialSubject" in source:
        return _of_nested(_nested(source["credentialSubject"]))
    raw = unsalted(source["data"]) if "data" in source else source
    return _of_nested(raw, agreement=raw.get("freeTradeAgreement"))


def aeo_credential(source: Source) -> Source:
    """Return our AEO credential for a C-TPAT certificate of the W3C traceability vocabulary."""
    subject, member = source["credentialSubject"], source["credentialSubject"]["member"]
    place = member["location"][0]["address"]
    address = _present(
        lines=[place["streetAddress"]],
        city=place["addressLocality"],
        region=place["addressRegion"],
        postCode=place["postalCode"],
        countryCode=place["addressCountry"],
    )
    return _present(
        certificateNumber=subject["sviNumber"],
        programme="C-TPAT",
        issuingCountry=subject["issuingCountry"],
        authority={"name": source["issuer"]["name"]},
        operator=_present(
            name=member["name"],
            code=subject["ctpatAccountNumber"],
            countryCode=place["addressCountry"],
            identifiers=[{"scheme": "DUNS", "value": member["duns"]}, {"scheme": "SCAC", "value": member["scac"]}],
            address=address,
        ),
        tier=subject["tier"],
        roles=[_SECTORS[subject["tradeSector"]]],
        validFrom=_day(source["validFrom"]),
        validUntil=_day(source["validUntil"]),
        lastValidated=_day(subject["dateOfLastValidation"]),
    )


def unsalted(value: Any) -> Any:
    """Return OpenAttestation v2 data without its salts (`<uuid>:<type>:<value>`)."""
    if isinstance(value, dict):
        return {key: unsalted(member) for key, member in value.items()}
    if isinstance(value, list):
        return [unsalted(element) for element in value]
    salted = _SALTED.fullmatch(value)
    kind, text = salted.groups() if salted else ("string", value)
    return {"number": lambda: float(text), "boolean": lambda: text == "true"}.get(kind, lambda: text)()


def _of_traceability(source: Source) -> Source:
    subject = source["credentialSubject"]
    return _present(
        certificateNumber=source["id"],
        transport={"departureDate": subject["dateOfExport"]},
        items=[
            {
                "itemNumber": number,
                "description": f"{item['name']}: {item['description']}",
                "hsCode": item["product"]["commodity"]["commodityCode"],
                "originCountry": subject["manufacturingCountry"],
            }
            for number, item in enumerate(subject["items"], start=1)
        ],
        certification={"date": _day(source["validFrom"]), "authority": {"name": source["issuer"]["name"]}},
    )


def _of_nested(source: Source, agreement: str | None = None) -> Source:
    """Map what follows the TradeTrust schema for certificates (UN/CEFACT names), AANZFTA's dialect included."""
    consignment = source["supplyChainConsignment"]
    items = list(_items(consignment))
    location, authority = source.get("issueLocation", {}), source.get("issuer", {})
    return _present(
        certificateNumber=source["iD"],
        agreement=agreement,
        issuingCountry=_country(consignment["exportCountry"]),
        exportCountry=_country(consignment["exportCountry"]),
        importCountry=_country(consignment["importCountry"]),
        exporter=_party(consignment.get("exporter") or consignment.get("consignor")),
        importer=_party(consignment.get("importer") or consignment.get("consignee")),
        producers=[_party(item["manufacturer"]) for item in consignment["includedConsignmentItems"]],
        transport=_transport(consignment),
        items=items,
        invoices=[_invoice(line) for _, line in _lines(consignment)],
        certification=_present(
            date=_day(source["issueDateTime"]), place=location.get("name"), authority=_party(authority)
        ),
    )


def _lines(consignment: Source) -> Iterator[tuple[Source, Source]]:
    for item in consignment["includedConsignmentItems"]:
        for line in item["tradeLineItems"]:
            yield item, line


def _items(consignment: Source) -> Iterator[Source]:
    for number, (item, line) in enumerate(_lines(consignment), start=1):
        product = line["tradeProduct"]
        yield _present(
            itemNumber=number,
            description=f"{product['description']} ({item['information']})",
            hsCode=product["harmonisedTariffCode"]["classCode"],
            originCriteria=[item["crossBorderRegulatoryProcedure"]["originCriteriaText"]],
            originCountry=_country(product["originCountry"]),
            packages={"number": len(line["transportPackages"]), "kind": "transport packages"},
            grossWeight=_weight(line["transportPackages"]),
        )


def _weight(packages: list[Source]) -> Source:
    """Add up `450 Kg`, `99kg` or `2050`, which stand per package."""
    amounts = [re.fullmatch(r"([\d.]+)\s*([A-Za-z]*)", package["grossWeight"]) for package in packages]
    values = [(float(amount[1]), _UNITS[amount[2].upper()]) for amount in amounts if amount]
    return {"value": sum(value for value, _ in values), "unit": values[0][1]}


def _invoice(line: Source) -> Source:
    reference = line["invoiceReference"]
    return {
        "number": reference["iD"].strip(),
        "date": _day(reference.get("formattedIssueDateTime") or reference["issueDateTime"]),
    }


def _transport(consignment: Source) -> Source:
    movement = consignment["mainCarriageTransportMovement"]
    discharge = consignment.get("unloadingBaseportLocation") or movement["unloadingBaseportLocation"]
    return _present(
        departureDate=_day(movement["departureEvent"]["departureDateTime"]),
        meansName=movement["usedTransportMeans"]["name"],
        meansIdentifier=movement["usedTransportMeans"]["iD"],
        route=movement["information"],
        portOfLoading={"name": consignment["loadingBaseportLocation"]["name"]},
        portOfDischarge={"name": discharge["name"]},
    )


def _party(source: Source | None) -> Source | None:
    if not source:
        return None
    identifiers = [{"scheme": "own", "value": source["iD"]}]
    return _present(name=source["name"], address=_address(source.get("postalAddress")), identifiers=identifiers)


def _address(source: Source | None) -> Source | None:
    if not source:
        return None
    return _present(
        lines=[source[line] for line in ("line1", "line2") if line in source],
        city=source.get("cityName"),
        region=source.get("countrySubDivisionName"),
        postCode=source.get("postcode"),
        countryCode=_country({"code": source["countryCode"]}),
    )


def _country(source: Source) -> str | None:
    name = (source.get("code") or source.get("name") or "").upper()
    return _COUNTRIES.get(name, name) or None


def _day(time: str) -> str:
    """Return the day as the source writes it, in its own zone."""
    return time[:10]


def _present(**members: Any) -> Source:
    return {name: member for name, member in members.items() if member is not None}


def _nested(flat: Source) -> Source:
    """Give the flat names of TradeTrust's W3C credential the shape of its OpenAttestation document."""

    def party(prefix: str, members: Source) -> Source:
        names = ("Line1", "Line2", "CityName", "Postcode", "CountrySubDivisionName", "CountryCode")
        address = {name[0].lower() + name[1:]: members[prefix + name] for name in names}
        return {"iD": members[f"{prefix}Id"], "name": members[f"{prefix}Name"], "postalAddress": address}

    def line(members: Source) -> Source:
        packages = members["transportPackages"]
        return {
            "invoiceReference": {
                "iD": members["invoiceReferenceId"],
                "formattedIssueDateTime": members["formattedIssueDateTime"],
            },
            "tradeProduct": {
                "description": members["tradeProductDescription"],
                "harmonisedTariffCode": {"classCode": members["harmonisedTariffclassCode"]},
                "originCountry": {"code": members["originCountryCode"]},
            },
            "transportPackages": [{"grossWeight": each["transportPackagesGrossWeight"]} for each in packages],
        }

    def item(members: Source) -> Source:
        return {
            "information": members["includedConsignmentItemsInformation"],
            "crossBorderRegulatoryProcedure": {"originCriteriaText": members["originCriteriaText"]},
            "manufacturer": party("manufacturer", members),
            "tradeLineItems": [line(each) for each in members["tradeLineItems"]],
        }

    return {
        "iD": flat["cooId"],
        "issueDateTime": flat["issueDateTime"],
        "supplyChainConsignment": {
            "exportCountry": {"code": flat["exportCountryCode"]},
            "importCountry": {"code": flat["importCountryCode"]},
            "exporter": party("exporter", flat),
            "importer": party("importer", flat),
            "includedConsignmentItems": [item(each) for each in flat["includedConsignmentItems"]],
            "loadingBaseportLocation": {"name": flat["loadingBaseportLocationName"]},
            "unloadingBaseportLocation": {"name": flat["unloadingBaseportLocationName"]},
            "mainCarriageTransportMovement": {
                "information": flat["mainCarriageTransportMovementInformation"],
                "usedTransportMeans": {"name": flat["usedTransportMeansName"], "iD": flat["usedTransportMeansId"]},
                "departureEvent": {"departureDateTime": flat["departureDateTime"]},
            },
        },
    }
