"""Certificates of origin: the boxes of Form RCEP, other agreements, and non-preferential ones."""

from collections.abc import Iterator

from ledger.kinds.day import end_of, end_of_anniversary
from ledger.kinds.gate_field import GateField, count, text, total
from ledger.kinds.kind import Document, Kind
from ledger.kinds.problem import Problem
from ledger.kinds.schema import read


def _rules(document: Document) -> Iterator[Problem]:
    yield from _item_numbers(document)
    if document.get("agreement") == "RCEP" and "fobValues" in document:
        yield from _values_by_item(document)


def _item_numbers(document: Document) -> Iterator[Problem]:
    seen: set[int] = set()
    for index, item in enumerate(document["items"]):
        if item["itemNumber"] in seen:
            yield Problem(f"/items/{index}/itemNumber", "itemNumber stands at another item already")
        seen.add(item["itemNumber"])


def _values_by_item(document: Document) -> Iterator[Problem]:
    """Form RCEP, box 12: the FOB value of each good whose origin rests on its regional value content (RVC)."""
    valued = {value["itemNumber"] for value in document["fobValues"]}
    for item in document["items"]:
        if "RVC" in item["originCriteria"] and item["itemNumber"] not in valued:
            yield Problem("/fobValues", f"the FOB value of item {item['itemNumber']} is missing (its criterion is RVC)")


def _expires(document: Document) -> int | None:
    """Return what the certificate states; for RCEP one year from certification at the latest (Article 3.17)."""
    ends = []
    if "validUntil" in document:
        ends.append(end_of(document["validUntil"]))
    if document.get("agreement") == "RCEP":
        ends.append(end_of_anniversary(document["certification"]["date"]))
    return min(ends, default=None)


_GATE = (
    GateField(1, "number", "Number", "编号", text("certificateNumber", most=48)),
    GateField(2, "agreement", "Agreement", "协定", text("agreement", most=24)),
    GateField(3, "issuingCountry", "Issued in", "签发国", text("issuingCountry", most=2)),
    GateField(4, "importCountry", "Importing country", "进口国", text("importCountry", most=2)),
    GateField(5, "certifiedOn", "Certified on", "签证日期", text("certification", "date", most=10)),
    GateField(6, "validUntil", "Valid until", "有效期至", text("validUntil", most=10)),
    GateField(7, "itemCount", "Items", "项数", count("items")),
    GateField(8, "packages", "Packages in all", "包装总件数", total("items", "packages", "number")),
)
"""No parties, route, invoices or values: they lie in groups. What the goods are is the document's to say."""

CERTIFICATE_OF_ORIGIN = Kind(
    name="certificate-of-origin",
    version="1",
    noun="a certificate of origin",
    label_en="Certificate of origin",
    label_zh="原产地证书",
    number_member="certificateNumber",
    groups=(
        "/exporter",
        "/importer",
        "/producers",
        "/transport",
        "/invoices",
        "/fobValues",
        "/thirdPartyInvoicer",
        "/remarks",
    ),
    schema=read("certificate-of-origin", "1"),
    rules=_rules,
    expires=_expires,
    gate=_GATE,
)
