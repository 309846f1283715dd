import json
from collections.abc import Callable
from typing import Any

import pytest

from ledger.kinds import DocumentInvalid, kind
from ledger.kinds.day import end_of
from tests.ledger.test_kinds import own_sample

CERTIFICATE = kind("certificate-of-origin")

Document = dict[str, Any]


def rcep() -> Document:
    document: Document = json.loads(json.dumps(own_sample("certificate-of-origin")))
    assert document["agreement"] == "RCEP"
    return document


def problems(document: Document, *withheld: str) -> list[tuple[str, str]]:
    try:
        CERTIFICATE.validate(document, withheld=withheld)
    except DocumentInvalid as error:
        return [tuple(problem) for problem in error.problems]
    return []


def pointers(document: Document, *withheld: str) -> list[str]:
    return [pointer for pointer, _ in problems(document, *withheld)]


def non_preferential() -> Document:
    return {
        "certificateNumber": "N-1",
        "items": [{"itemNumber": 1, "description": "Espresso makers", "originCountry": "IT"}],
        "certification": {"date": "2026-01-31"},
    }


# Form RCEP, box by box: what is taken away, and what is then missing.
BOXES: dict[str, tuple[Callable[[Document], Any], str]] = {
    "certificate number": (lambda d: d.pop("certificateNumber"), "/certificateNumber"),
    "issued in": (lambda d: d.pop("issuingCountry"), "/issuingCountry"),
    "1 exporter": (lambda d: d.pop("exporter"), "/exporter"),
    "1 name": (lambda d: d["exporter"].pop("name"), "/exporter/name"),
    "1 address": (lambda d: d["exporter"].pop("address"), "/exporter/address"),
    "1 country": (lambda d: d["exporter"]["address"].pop("countryCode"), "/exporter/address/countryCode"),
    "2 consignee": (lambda d: d.pop("importer"), "/importer"),
    "2 address": (lambda d: d["importer"].pop("address"), "/importer/address"),
    "6 item number": (lambda d: d["items"][0].pop("itemNumber"), "/items/0/itemNumber"),
    "7 marks": (lambda d: d["items"][0].pop("marksAndNumbers"), "/items/0/marksAndNumbers"),
    "8 packages": (lambda d: d["items"][0].pop("packages"), "/items/0/packages"),
    "8 description": (lambda d: d["items"][0].pop("description"), "/items/0/description"),
    "9 HS code": (lambda d: d["items"][0].pop("hsCode"), "/items/0/hsCode"),
    "10 criterion": (lambda d: d["items"][0].pop("originCriteria"), "/items/0/originCriteria"),
    "11 country": (lambda d: d["items"][0].pop("originCountry"), "/items/0/originCountry"),
    "12 quantity": (lambda d: d["items"][0].pop("quantity"), "/items/0/quantity"),
    "12 FOB": (lambda d: d.pop("fobValues"), "/fobValues"),
    "13 invoices": (lambda d: d.pop("invoices"), "/invoices"),
    "13 date": (lambda d: d["invoices"][0].pop("date"), "/invoices/0/date"),
    "15 declaration": (lambda d: d.pop("declaration"), "/declaration"),
    "15 importing country": (lambda d: d["declaration"].pop("importingCountry"), "/declaration/importingCountry"),
    "15 place": (lambda d: d["declaration"].pop("place"), "/declaration/place"),
    "15 date": (lambda d: d["declaration"].pop("date"), "/declaration/date"),
    "16 certification": (lambda d: d.pop("certification"), "/certification"),
    "16 place": (lambda d: d["certification"].pop("place"), "/certification/place"),
    "16 date": (lambda d: d["certification"].pop("date"), "/certification/date"),
    "16 issuing body": (lambda d: d["certification"].pop("authority"), "/certification/authority"),
}


@pytest.mark.parametrize("box", BOXES)
def test_every_box_that_rcep_demands(box: str) -> None:
    take_away, pointer = BOXES[box]
    document = rcep()
    take_away(document)
    assert problems(document) == [(pointer, f"{pointer.rpartition('/')[2]} is missing")]


@pytest.mark.parametrize("name", ["transport", "remarks", "exportCountry", "importCountry"])
def test_boxes_that_rcep_leaves_open(name: str) -> None:
    document = rcep()
    document.pop(name, None)
    assert problems(document) == []


def test_box_3_takes_producers_or_a_statement() -> None:
    document = rcep()
    document.pop("producers")
    assert problems(document) == [("", "the document needs one of producers, producerStatement")]
    assert problems(document, "/producers") == []
    for statement in ("CONFIDENTIAL", "NOT_AVAILABLE", "NAMED_WITH_THE_GOODS"):
        assert problems({**document, "producerStatement": statement}) == []
    assert pointers({**document, "producerStatement": "SECRET"}) == ["/producerStatement"]


@pytest.mark.parametrize(
    ("criteria", "good"),
    [
        (["WO"], True),
        (["PE", "ACU"], True),
        (["CR", "DMI", "ACU"], True),
        (["ACU"], False),
        (["ACU", "DMI"], False),
        (["CTC", "PE"], False),
        (["CTC", "CTC"], False),
        ([], False),
        (["PSR"], False),
        ("CTC", False),
    ],
)
def test_box_10(criteria: Any, good: bool) -> None:
    document = rcep()
    document["items"][0]["originCriteria"] = criteria
    assert all(pointer.startswith("/items/0/originCriteria") for pointer in pointers(document))
    assert (problems(document) == []) is good


def test_box_10_says_what_is_asked_for() -> None:
    document = rcep()
    document["items"][0]["originCriteria"] = ["ACU"]
    expected = "originCriteria must be exactly one of WO, PE, CTC, RVC, CR; ACU and DMI may stand next to it"
    assert problems(document) == [("/items/0/originCriteria", expected)]


@pytest.mark.parametrize("code", ["8516.71", "851671"])
def test_box_9_takes_six_digits(code: str) -> None:
    document = rcep()
    document["items"][0]["hsCode"] = code
    assert problems(document) == []


@pytest.mark.parametrize("code", ["8516", "85167100", "8516.7100", "85.1671", "851671 ", "HS851671", ""])
def test_box_9_takes_nothing_else(code: str) -> None:
    document = rcep()
    document["items"][0]["hsCode"] = code
    assert "/items/0/hsCode" in pointers(document)


@pytest.mark.parametrize("pointer", ["/issuingCountry", "/items/0/originCountry", "/declaration/importingCountry"])
def test_countries_are_members(pointer: str) -> None:
    document = rcep()
    holder: Any = document
    *path, last = pointer.split("/")[1:]
    for step in path:
        holder = holder[int(step)] if step.isdigit() else holder[step]
    holder[last] = "US"
    (problem,) = problems(document)
    assert problem[0] == pointer
    assert "AU, BN, CN, ID, JP, KH, KR, LA, MM, MY, NZ, PH, SG, TH, VN" in problem[1]


def test_box_12_asks_for_the_value_where_the_criterion_is_rvc() -> None:
    document = rcep()
    document["fobValues"][0]["itemNumber"] = 1
    assert problems(document) == [("/fobValues", "the FOB value of item 2 is missing (its criterion is RVC)")]
    document["items"][1]["originCriteria"] = ["CTC"]
    del document["fobValues"]
    assert problems(document) == []
    document["items"][1]["originCriteria"] = ["RVC"]
    assert pointers(document) == ["/fobValues"]
    assert pointers(document, "/fobValues") == []


def test_box_17_asks_for_what_the_ticks_mean() -> None:
    assert pointers({**rcep(), "isBackToBack": True}) == ["/originalCertificate"]
    original = {"certificateNumber": "RC-1", "date": "2026-09-01"}
    assert problems({**rcep(), "isBackToBack": True, "originalCertificate": original}) == []
    assert pointers({**rcep(), "isThirdPartyInvoicing": True}) == ["/thirdPartyInvoicer"]
    assert pointers({**rcep(), "isThirdPartyInvoicing": True}, "/thirdPartyInvoicer") == []
    invoicer = {"name": "Third Party Pte. Ltd.", "countryCode": "SG"}
    assert problems({**rcep(), "isThirdPartyInvoicing": True, "thirdPartyInvoicer": invoicer}) == []


def test_an_item_number_stands_once() -> None:
    document = non_preferential()
    document["items"] *= 2
    assert pointers(document) == ["/items/1/itemNumber"]


def test_non_preferential_needs_little() -> None:
    document = non_preferential()
    assert problems(document) == []
    for name in document:
        assert pointers({key: document[key] for key in document if key != name})[0] == f"/{name}"


def test_another_agreement_needs_country_and_parties() -> None:
    assert pointers({**non_preferential(), "agreement": "CHAFTA"}) == ["/issuingCountry", "/exporter", "/importer"]


def test_expiry() -> None:
    document = rcep()
    document["certification"]["date"] = "2026-10-13"
    assert CERTIFICATE.expires(document) == end_of("2027-10-13") == 1_823_472_000
    assert CERTIFICATE.expires({**document, "validUntil": "2027-01-31"}) == end_of("2027-01-31")
    assert CERTIFICATE.expires({**document, "validUntil": "2030-01-31"}) == end_of("2027-10-13")
    assert CERTIFICATE.expires(non_preferential()) is None
    assert CERTIFICATE.expires({**non_preferential(), "validUntil": "2027-01-31"}) == end_of("2027-01-31")


@pytest.mark.parametrize("day", ["9999-12-31", "1000-01-01", "2028-02-29"])
def test_every_day_that_is_taken_has_an_end(day: str) -> None:
    document = rcep()
    document["certification"]["date"] = day
    document["validUntil"] = day
    assert problems(document) == []
    assert CERTIFICATE.expires(document) == end_of(day)


@pytest.mark.parametrize("day", ["0000-01-01", "0999-01-01", "10000-01-01", "2027-02-29", "20271013", "2027-W01-1", ""])
def test_other_days_are_refused(day: str) -> None:
    document = rcep()
    document["certification"]["date"] = day
    assert set(pointers(document)) == {"/certification/date"}
