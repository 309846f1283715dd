"""The project's own samples tell of one shipment: they must agree with each other, and with the codes they use."""

from datetime import date
from typing import Any

from tests.ledger.test_kinds import own_sample

BILL = own_sample("bill-of-lading")
CERTIFICATE = own_sample("certificate-of-origin")
CREDENTIAL = own_sample("aeo-credential")


def leaves(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 1 if inner is None else sum(map(leaves, inner))


def check_digit(container: str) -> int:
    """Return the check digit of a container number (ISO 6346): letters count from 10 on, without multiples of 11."""
    values = [number for number in range(10, 39) if number % 11]
    codes = [values[ord(mark) - ord("A")] if mark.isalpha() else int(mark) for mark in container[:10]]
    return sum(code << place for place, code in enumerate(codes)) % 11 % 10


def test_the_bill_is_of_the_size_that_the_measures_speak_of() -> None:
    assert 80 <= leaves(BILL) <= 100


def test_container_numbers_have_their_check_digit() -> None:
    used = [equipment["equipment"]["equipmentReference"] for equipment in BILL["utilizedTransportEquipments"]]
    loaded = [cargo["equipmentReference"] for item in BILL["consignmentItems"] for cargo in item["cargoItems"]]
    assert used == loaded
    assert len(used) == 2
    for number in used:
        assert check_digit(number) == int(number[10])
    assert [check_digit(number) for number in ("NARU3472484", "KKFU6671914", "YMLU3380910")] == [4, 4, 0]


def test_same_parties() -> None:
    shipper = BILL["documentParties"]["shipper"]
    assert shipper["partyName"] == CERTIFICATE["exporter"]["name"] == CREDENTIAL["operator"]["name"]
    codes = {shipper["identifyingCodes"][0]["partyCode"], CERTIFICATE["exporter"]["identifiers"][0]["value"]}
    assert codes == {CREDENTIAL["operator"]["code"]}
    assert BILL["documentParties"]["endorsee"]["partyName"] == CERTIFICATE["importer"]["name"]


def test_same_goods() -> None:
    for carried, certified in zip(BILL["consignmentItems"], CERTIFICATE["items"], strict=True):
        assert carried["descriptionOfGoods"][0] == certified["description"]
        assert carried["HSCodes"] == [certified["hsCode"].replace(".", "")]
        assert " ".join(carried["shippingMarks"]) == certified["marksAndNumbers"]
        (cargo,) = carried["cargoItems"]
        assert cargo["cargoGrossWeight"] == certified["grossWeight"]
        assert cargo["outerPackaging"]["numberOfPackages"] == certified["packages"]["number"]


def test_same_voyage_in_the_right_order() -> None:
    transports, transport = BILL["transports"], CERTIFICATE["transport"]
    assert transports["vesselVoyages"][0]["vesselName"] == transport["meansName"]
    assert transports["vesselVoyages"][0]["carrierExportVoyageNumber"] == transport["voyageNumber"]
    for port in ("portOfLoading", "portOfDischarge"):
        assert transports[port]["UNLocationCode"] == transport[port]["UNLocationCode"]
    days = [
        CREDENTIAL["validFrom"],
        CERTIFICATE["invoices"][0]["date"],
        CERTIFICATE["declaration"]["date"],
        CERTIFICATE["certification"]["date"],
        transport["departureDate"],
        BILL["issueDate"],
        transports["plannedArrivalDate"],
    ]
    assert days == sorted(days, key=date.fromisoformat)
    assert transport["departureDate"] == BILL["shippedOnBoardDate"] == transports["plannedDepartureDate"]
