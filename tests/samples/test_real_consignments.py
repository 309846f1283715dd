"""Real documents laid beside each other: those of one consignment agree, those of two do not, and nothing breaks."""

import copy
from itertools import product
from typing import Any

import pytest

from tests.samples import needs_samples, read, real_aeo, real_bills, real_certificates
from tests.samples.statements import traceability_invoice, wco_declaration
from verifier.consignment.aspect import Aspect
from verifier.consignment.checks import cross_check
from verifier.consignment.nature import Nature
from verifier.consignment.paper import Paper
from verifier.consignment.papers import COMMERCIAL_INVOICE, CUSTOMS_DECLARATION
from verifier.consignment.statement import Statement
from verifier.consignment.tolerance import Tolerance

pytestmark = needs_samples
BILL, CERTIFICATE, AEO = "bill-of-lading", "certificate-of-origin", "aeo-credential"
Document = dict[str, Any]


def papers(*documents: tuple[str, Document]) -> list[Paper]:
    return [
        Paper(number, kind, Statement.read(kind, document).document, Nature.STATED)
        for number, (kind, document) in enumerate(documents)
    ]


def codes(*documents: tuple[str, Document]) -> set[str]:
    found = cross_check(papers(*documents), Tolerance())
    return {one.code for one in found if one.outcome.value != "pass"}


def declared(bill: Document) -> Document:
    """What an honest declarant would say of a real bill, in other units and another way of writing."""
    parties, transports = bill["documentParties"], bill["transports"]
    cargo = [one for item in bill["consignmentItems"] for one in item["cargoItems"]]
    factor = {"KGM": 1.0, "LBR": 0.45359237}
    weight = sum(one["cargoGrossWeight"]["value"] * factor[one["cargoGrossWeight"]["unit"]] for one in cargo)
    containers = [
        {
            "equipmentReference": f" {one['equipment']['equipmentReference'].lower()} ",
            "seals": [seal["number"] for seal in one.get("seals", ())],
        }
        for one in bill["utilizedTransportEquipments"]
        if "equipmentReference" in one["equipment"]
    ]
    found: Document = {
        "declarationNumber": "D-1",
        "exporter": {"name": parties["shipper"]["partyName"].upper() + " LTD."},
        "transport": {
            "transportDocumentReference": bill["transportDocumentReference"],
            "departureDate": bill.get("shippedOnBoardDate") or transports["plannedDepartureDate"],
            **{
                name: {"UNLocationCode": transports[name]["UNLocationCode"]}
                for name in ("portOfLoading", "portOfDischarge")
                if "UNLocationCode" in transports[name]
            },
        },
        "grossWeight": {"value": weight / 1000, "unit": "TNE"},
        "packages": {"number": sum(int(one["outerPackaging"]["numberOfPackages"]) for one in cargo)},
        "items": [{"hsCode": f"{code}00"} for item in bill["consignmentItems"] for code in item["HSCodes"]],
    }
    return found | ({"containers": containers} if containers else {})


BILLS = real_bills() if not pytestmark.args[0] else []
CERTIFICATES = real_certificates() if not pytestmark.args[0] else []


@pytest.mark.parametrize(("name", "bill"), BILLS)
def test_a_real_bill_agrees_with_what_is_truly_declared(name: str, bill: Document) -> None:
    assert codes((BILL, bill), (CUSTOMS_DECLARATION, declared(bill))) == set()


@pytest.mark.parametrize(("name", "bill"), BILLS)
def test_each_lie_about_a_real_bill_is_found(name: str, bill: Document) -> None:
    honest = declared(bill)
    lies: list[tuple[str, Document]] = [
        ("weight.differs", {"grossWeight": {"value": honest["grossWeight"]["value"] * 2 + 1, "unit": "TNE"}}),
        ("package.differs", {"packages": {"number": honest["packages"]["number"] + 1}}),
        ("carriage.differs", {"transport": {"transportDocumentReference": "ANOTHER1"}}),
        ("party.name-differs", {"exporter": {"name": "Nobody in particular"}}),
        ("goods.differ", {"items": [*honest["items"], {"hsCode": "24022000"}]}),
    ]
    if "containers" in honest:
        other = [*copy.deepcopy(honest["containers"])[1:], {"equipmentReference": "ABCU0000002"}]
        lies.append(("container.differs", {"containers": other}))
    for code, lie in lies:
        assert codes((BILL, bill), (CUSTOMS_DECLARATION, honest | lie)) == {code}


@pytest.mark.parametrize(("bill", "certificate"), list(product(BILLS, CERTIFICATES)))
def test_real_documents_of_two_consignments_do_not_agree(
    bill: tuple[str, Document], certificate: tuple[str, Document]
) -> None:
    documents = ((BILL, bill[1]), (CERTIFICATE, certificate[1]))
    compared = cross_check(papers(*documents), Tolerance())
    stated = papers(*documents)[1]
    common = [one for one in (Aspect.HS_CODES, Aspect.EXPORTER, Aspect.LOADING, Aspect.DEPARTURE) if stated.side(one)]
    assert bool(compared) >= bool(common)
    if common:
        assert codes(*documents), (bill[0], certificate[0])


def test_a_real_credential_of_another_operator_is_a_stranger() -> None:
    [(_, credential)] = real_aeo()
    for _, bill in BILLS:
        assert codes((BILL, bill), (AEO, credential)) == {"holder.stranger"}


def test_real_invoices_and_declarations_are_taken_as_statements() -> None:
    invoice = traceability_invoice(read("w3c-traceability/CommercialInvoiceCredential"))
    [paper] = papers((COMMERCIAL_INVOICE, invoice))
    side = paper.side(Aspect.GROSS_WEIGHT)
    assert side is not None
    assert round(side.values[0].value) == 152_452  # kilograms; it is stated as 82,500 and 253,600 pounds
    steel, wine = wco_declaration("import-cn-steel-aeoc"), wco_declaration("import-tn-wine-aeoc")
    for declaration in (steel, wine):
        assert "weight.differs" in codes((CUSTOMS_DECLARATION, declaration), (COMMERCIAL_INVOICE, invoice))
    assert steel["items"][0] == {"itemNumber": 1, "hsCode": "73045989", "originCountry": "CN"}
    for _, bill in BILLS:
        assert {"weight.differs", "goods.differ"} <= codes((BILL, bill), (CUSTOMS_DECLARATION, wine))
