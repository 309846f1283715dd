"""Documents laid beside each other: those that agree have no finding, and each contradiction has exactly its own."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.json_pointer import tokens
from tests.verifier.consignment.papers import (
    AEO,
    ALL,
    BILL,
    CERTIFICATE,
    DECLARATION,
    INVOICE,
    Change,
    document,
    found,
    not_well,
    paper,
    papers,
    withholding,
)
from verifier.consignment.cross_finding import CrossFinding
from verifier.consignment.nature import Nature
from verifier.consignment.paper import Paper
from verifier.consignment.particular import Document


def put(pointer: str, value: Any) -> Change:
    """Return a change that puts a value at a pointer."""

    def change(document: Any) -> None:
        *path, last = tokens(pointer)
        for step in path:
            document = document[int(step) if isinstance(document, list) else step]
        document[int(last) if isinstance(document, list) else last] = value

    return change


def value_at(document: Document | None, pointer: str) -> Any:
    value: Any = document
    for step in tokens(pointer):
        value = value[int(step) if isinstance(value, list) else step]
    return value


BILL_AND_DECLARATION = (BILL, DECLARATION)
BILL_AND_CERTIFICATE = (BILL, CERTIFICATE)
# Which documents there are, which is changed and how, and exactly what is then found, with the changed value's pointer.
SEEDED = [
    (BILL_AND_DECLARATION, DECLARATION, "/transport/transportDocumentReference", "EMLNNBO26104418", "carriage.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/containers/1/equipmentReference", "NARU3472484", "container.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/containers/1/seals/0", "EML0927736", "seal.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/grossWeight", {"value": 19, "unit": "TNE"}, "weight.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/grossWeight", {"value": 17712, "unit": "LBR"}, "weight.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/grossWeight", {"value": 17712, "unit": "CAR"}, "weight.unit-unknown"),
    (BILL_AND_DECLARATION, DECLARATION, "/packages/number", 1759, "package.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/items/0/hsCode", "85161000", "goods.differ"),
    (BILL_AND_DECLARATION, DECLARATION, "/transport/portOfLoading/UNLocationCode", "CNSHA", "port.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/transport/portOfDischarge/UNLocationCode", "MYPKG", "port.differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/transport/departureDate", "2020-01-01", "date.departure-differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/exporter", {"name": "Quite Another Ltd"}, "party.name-differs"),
    (BILL_AND_DECLARATION, DECLARATION, "/importer", {"name": "宁波蓝屿家用电器有限公司"}, "party.other-script"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/items/0/grossWeight/value", 9000, "weight.differs"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/items/0/grossWeight/value", 4000, "weight.part"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/items/0/packages/number", 1121, "package.differs"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/items/0/packages/number", 1119, "package.part"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/items/1/hsCode", "850980", "goods.differ"),
    (BILL_AND_CERTIFICATE, CERTIFICATE, "/certification/date", "2031-01-01", "date.certified-later"),
    ((DECLARATION, CERTIFICATE), DECLARATION, "/items/1/originCountry", "VN", "origin.differs"),
    ((DECLARATION, CERTIFICATE), DECLARATION, "/exporter/identifiers/0/value", "AEOCN0000000", "party.code-differs"),
    ((CERTIFICATE, INVOICE), INVOICE, "/invoiceNumber", "LY-EX-26-1010", "invoice.not-named"),
    ((BILL, INVOICE), INVOICE, "/transport/transportDocumentReference", "OTHER1", "carriage.differs"),
    ((BILL, INVOICE), INVOICE, "/grossWeight/value", 18712, "weight.differs"),
    ((DECLARATION, INVOICE), INVOICE, "/items/0/originCountry", "VN", "origin.differs"),
    ((BILL, AEO), AEO, "/operator/code", "AEOCN0000001", "holder.by-name"),
]
OUTCOMES = {
    "weight.part": "warn",
    "package.part": "warn",
    "party.name-differs": "warn",
    "date.certified-later": "warn",
    "holder.by-name": "warn",
    "weight.unit-unknown": "unknown",
    "party.other-script": "unknown",
}


@given(st.permutations(ALL), st.integers(2, len(ALL)))
@settings(max_examples=60, deadline=None)
def test_documents_that_agree_have_only_passes(kinds: list[str], count: int) -> None:
    assert not_well(papers(kinds[:count])) == []


def test_every_check_compares_something_in_the_whole_consignment() -> None:
    passed = {finding.check for finding in found(papers())}
    every = {"carriage", "container", "seal", "weight", "package", "goods", "origin", "party", "port", "date"}
    assert passed == every | {"invoice", "holder"}


@pytest.mark.parametrize(("kinds", "kind", "pointer", "value", "code"), SEEDED)
def test_each_contradiction_gives_exactly_its_finding(
    kinds: tuple[str, ...], kind: str, pointer: str, value: Any, code: str
) -> None:
    changed = papers(kinds, **{kind.replace("-", "_"): put(pointer, value)})
    assert not_well(changed) == [(code, OUTCOMES.get(code, "fail"))]
    [finding] = [one for one in found(changed) if one.code == code]
    assert {place.document for place in finding.between} == {0, 1}
    for place in finding.between:
        value_at(changed[place.document].document, place.pointer)  # it is there
    [shown] = [place.pointer for place in finding.between if changed[place.document].kind == kind]
    assert tokens(pointer)[0] == tokens(shown)[0]


@given(st.data(), st.sampled_from(SEEDED))
@settings(max_examples=120, deadline=None)
def test_the_order_of_the_documents_does_not_matter(data: st.DataObject, seeded: Any) -> None:
    _, kind, pointer, value, _ = seeded
    order = data.draw(st.permutations(ALL))
    change = {kind.replace("-", "_"): put(pointer, value)}
    assert named(papers(order, **change)) == named(papers(ALL, **change))


def named(papers: list[Paper]) -> set[tuple[str, str, tuple[tuple[str, str, str], ...]]]:
    """The findings with kinds in place of numbers."""
    return {(one.code, one.outcome.value, _places(papers, one)) for one in found(papers)}


def _places(papers: list[Paper], finding: CrossFinding) -> tuple[tuple[str, str, str], ...]:
    return tuple((papers[place.document].kind, place.pointer, place.nature.value) for place in finding.between)


WITHHELD = [
    (BILL, "/consignmentItems", {"weight", "package", "goods"}),
    (BILL, "/documentParties", {"party"}),
    (CERTIFICATE, "/transport", {"port", "date", "carriage"}),
    (CERTIFICATE, "/exporter", {"party"}),
    (CERTIFICATE, "/invoices", {"invoice"}),
]


@pytest.mark.parametrize("values", [{}, {"grossWeight": {"value": 1, "unit": "KGM"}, "packages": {"number": 1}}])
@pytest.mark.parametrize(("kind", "group", "checks"), WITHHELD)
def test_what_is_withheld_is_unknown_and_never_passes_nor_fails(
    kind: str, group: str, checks: set[str], values: dict[str, Any]
) -> None:
    """Whether what the others say would agree with it or not."""
    shown = [
        withholding(one, group) if one.kind == kind else one for one in papers(customs_declaration=put_all(values))
    ]
    place = (ALL.index(kind), group, Nature.WITHHELD)
    touched = [
        one for one in found(shown) if place in {(each.document, each.pointer, each.nature) for each in one.between}
    ]
    assert {one.outcome.value for one in touched} == {"unknown"}
    assert {one.check for one in touched} == checks
    groups = [each for one in found(shown) for each in one.between if (each.document, each.pointer) == place[:2]]
    assert {each.nature for each in groups} == {Nature.WITHHELD}


def test_whose_credential_it_is_cannot_be_seen_where_the_parties_are_withheld() -> None:
    bill, credential = papers((BILL, AEO))
    assert not_well([withholding(bill, "/documentParties"), credential]) == [("holder.withheld", "unknown")]


def put_all(values: dict[str, Any]) -> Change:
    return lambda document: document.update(values)


@pytest.mark.parametrize(("code", "number"), [("EMLU4821060", "emlu 482106/0"), ("EML0927734", "eml 0927734")])
def test_case_spaces_and_signs_do_not_matter_in_numbers(code: str, number: str) -> None:
    pointer = "/containers/0/equipmentReference" if code.startswith("EMLU") else "/containers/0/seals/0"
    assert not_well(papers(customs_declaration=put(pointer, number))) == []


@pytest.mark.parametrize("unit", [("LBR", 39048.2759), ("TNE", 17.712), ("KGM", 17712), ("GRM", 17712000)])
def test_weights_in_other_units_are_the_same_weights(unit: tuple[str, float]) -> None:
    change = put("/grossWeight", {"value": unit[1], "unit": unit[0]})
    assert not_well(papers(BILL_AND_DECLARATION, customs_declaration=change)) == []


@given(st.integers(1, 40_000))
@settings(max_examples=100, deadline=None)
def test_a_weight_within_the_tolerance_agrees_and_beyond_it_does_not(kilograms: int) -> None:
    change = put("/grossWeight", {"value": kilograms, "unit": "KGM"})
    allowed = max(5, max(kilograms, 17712) / 100)
    expected = [] if abs(kilograms - 17712) <= allowed else [("weight.differs", "fail")]
    assert not_well(papers(BILL_AND_DECLARATION, customs_declaration=change)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "Ningbo Lanyu Home Appliance",
        "NINGBO LANYU HOME APPLIANCE CO.,LTD",
        "ｎｉｎｇｂｏ lanyu home-appliance Company Limited",
    ],
)
def test_one_name_written_in_other_ways_is_the_same(name: str) -> None:
    assert not_well(papers(BILL_AND_DECLARATION, customs_declaration=put("/exporter", {"name": name}))) == []


def test_a_code_in_common_counts_more_than_names() -> None:
    party = {"name": "宁波蓝屿家用电器有限公司", "identifiers": [{"scheme": "aeo", "value": "aeocn 3302961k7q"}]}
    assert not_well(papers(BILL_AND_DECLARATION, customs_declaration=put("/exporter", party))) == []


def test_a_credential_of_somebody_else_gives_nothing() -> None:
    def change(document: Any) -> None:
        document["operator"] |= {"code": "AEOCN0000001", "name": "Somebody Else Ltd", "localName": "某某有限公司"}

    assert not_well(papers((BILL, CERTIFICATE, AEO), aeo_credential=change)) == [("holder.stranger", "warn")]


def test_a_certificate_may_be_for_a_part_and_two_parts_are_not_compared() -> None:
    def only_first(document: Any) -> None:
        document["items"] = document["items"][:1]
        document["invoices"] = [{**document["invoices"][0], "itemNumbers": [1]}]
        del document["fobValues"]

    codes = not_well(papers((BILL, CERTIFICATE), certificate_of_origin=only_first))
    assert codes == [("package.part", "warn"), ("weight.part", "warn")]
    compared = {one.check for one in found(papers((CERTIFICATE, INVOICE), certificate_of_origin=only_first))}
    assert compared.isdisjoint({"weight", "package", "goods"})


def test_a_document_that_could_not_be_opened_is_said_to_be_compared_with_nothing() -> None:
    closed = Paper(1, CERTIFICATE, None, Nature.NOT_VALID)
    assert not_well([paper(0, BILL), closed]) == [("opened.not", "unknown")]


def test_many_differences_are_not_listed_without_end() -> None:
    containers = [{"equipmentReference": f"ABCU{number:07}"} for number in range(500)]
    changed = papers(BILL_AND_DECLARATION, customs_declaration=put("/containers", containers))
    assert not_well(changed) == [("container.differs", "fail")] * 20


def test_the_samples_follow_their_schemas() -> None:
    for kind in ALL:
        document(kind)
