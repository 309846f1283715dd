"""From invoices and declarations of other projects to our statements: what a source does not say is left out."""

import re
from typing import Any
from xml.etree import ElementTree

from tests.samples import REAL

Source = dict[str, Any]
_DECLARATION = "{urn:wco:datamodel:WCO:DEC-DMS:2}"
_UNITS = {"lbs": "LBR", "kg": "KGM"}


def traceability_invoice(source: Source) -> Source:
    """Return our commercial invoice for one of the W3C traceability vocabulary."""
    subject = source["credentialSubject"]
    items = [
        {
            "itemNumber": number,
            "grossWeight": {
                "value": float(item["grossWeight"]["value"]),
                "unit": _UNITS[item["grossWeight"]["unitCode"]],
            },
        }
        for number, item in enumerate(subject["itemsShipped"], start=1)
    ]
    return {
        "invoiceNumber": subject["invoiceNumber"],
        "seller": {"name": subject["seller"]["name"]},
        "buyer": {"name": subject["buyer"]["name"]},
        "items": items,
    }


def wco_declaration(name: str) -> Source:
    """Return our declaration for a WCO DEC message (HMRC's samples)."""
    root = ElementTree.parse(REAL / "hmrc-wco-dec" / f"{name}.xml").getroot()

    def text(path: str) -> str:
        found = root.findtext(f".//{_DECLARATION}" + f"/{_DECLARATION}".join(path.split("/")))
        assert found, path
        return found.strip()

    hs_code = next(
        one.text.strip()
        for one in root.iter(f"{_DECLARATION}ID")
        if one.text and re.fullmatch(r"\d{8}", one.text.strip()) and not one.text.strip().startswith("00")
    )
    return {
        "declarationNumber": text("FunctionalReferenceID"),
        "exporter": {"name": text("Exporter/Name")},
        "packages": {"number": int(text("TotalPackageQuantity"))},
        "grossWeight": {"value": float(text("GrossMassMeasure")), "unit": "KGM"},
        "items": [{"itemNumber": 1, "hsCode": hs_code, "originCountry": text("Origin/CountryCode")}],
    }
