"""All JSON files that others published: canonical form as expected, and taken as which kind, or refused and why."""

import hashlib
import json
from typing import Any

import pytest

from ledger.canonical import canonicalize
from ledger.kinds import KINDS, DocumentInvalid, kind
from ledger.strict_json import parse
from tests.samples import REAL, needs_samples, not_bills, read, real_aeo, real_bills, real_certificates
from tests.samples.mapping import certificate_of_origin, unsalted

pytestmark = needs_samples

EXPECTED: dict[str, Any] = json.loads((REAL / "EXPECTED.json").read_bytes())["files"] if REAL.is_dir() else {}
BROKEN = "dvp-aanzfta/aanzfta-coo.missing-required"
FILES = sorted(name for name in EXPECTED if name.endswith(".json"))


def reason(kind_name: str, document: Any) -> str | None:
    """Return why `document` is refused as this kind; None if it is taken."""
    try:
        kind(kind_name).validate(document)
    except DocumentInvalid as error:
        return error.detail
    return None


def outcome(name: str) -> tuple[str, str]:
    """Return what becomes of a file: the kind that takes it (or part of it, or what it maps to), or the refusal."""
    stem = name.removesuffix(".json")
    for kind_name, taken in (
        ("bill-of-lading", real_bills()),
        ("certificate-of-origin", real_certificates()),
        ("aeo-credential", real_aeo()),
    ):
        if stem in dict(taken):
            why = reason(kind_name, dict(taken)[stem])
            whole = reason(kind_name, read(stem)) is None
            how = "unchanged" if whole else "the document in it" if kind_name == "bill-of-lading" else "mapped"
            return (kind_name, how) if why is None else ("refused", why)
    if stem == BROKEN:
        return "refused", reason("certificate-of-origin", certificate_of_origin(read(stem))) or ""
    reasons = [reason(kind_name, read(stem)) for kind_name in KINDS]
    assert None not in reasons, f"{name} is taken, and nobody expected it"
    return "refused", reasons[0] or ""


@pytest.mark.parametrize("name", FILES)
def test_canonical_form_is_the_one_expected(name: str) -> None:
    data = (REAL / name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == EXPECTED[name]["sha256"]
    assert hashlib.sha256(canonicalize(parse(data))).hexdigest() == EXPECTED[name]["jcs_sha256"]


def test_canonical_form_of_the_bills_inside_others() -> None:
    inside = {name: document for name, document in real_bills() if f"{name}.json" in EXPECTED}
    for name, document in inside.items():
        expected = EXPECTED[f"{name}.json"]
        digest = hashlib.sha256(canonicalize(document)).hexdigest()
        assert digest == expected.get("transport_document_jcs_sha256", expected["jcs_sha256"])


def test_every_file_is_taken_or_refused_with_a_reason() -> None:
    table = {name: outcome(name) for name in FILES}
    taken = {name.removesuffix(".json"): what for name, (what, _) in table.items() if what != "refused"}
    assert taken == {
        **{name: "bill-of-lading" for name, _ in real_bills()},
        **{name: "certificate-of-origin" for name, _ in real_certificates()},
        **{name: "aeo-credential" for name, _ in real_aeo()},
    }
    assert len(taken) == 11
    for what, why in table.values():
        assert what != "refused" or any(
            word in why for word in ("missing", "longer", "must not be empty", "must be an object")
        )


def test_transport_documents_are_taken_where_the_dcsa_schema_takes_them() -> None:
    for name, facts in EXPECTED.items():
        if "dcsa_TransportDocument_3.0.4" in facts:
            assert (outcome(name)[0] == "bill-of-lading") is (facts["dcsa_TransportDocument_3.0.4"] == "valid")


def test_not_bills_are_refused() -> None:
    assert len(not_bills()) == 3
    for _, document in not_bills():
        assert reason("bill-of-lading", document)


@pytest.mark.parametrize(("name", "document"), real_certificates() if REAL.is_dir() else [])
def test_mapped_certificates_are_valid(name: str, document: dict[str, Any]) -> None:
    assert reason("certificate-of-origin", document) is None
    assert kind("certificate-of-origin").number(document)
    assert document["items"]


def test_mapping_keeps_what_the_sources_say() -> None:
    mapped = dict(real_certificates())
    chafta = mapped["tradetrust-templates/chafta-coo.v2.raw"]
    assert chafta["agreement"] == "CHAFTA"
    assert chafta["exporter"]["address"]["countryCode"] == "AU"
    assert [item["hsCode"] for item in chafta["items"]] == ["2204.21"] * 3
    assert [item["originCriteria"] for item in chafta["items"]] == [["WP"], ["WP"], ["PSR"]]
    assert [item["grossWeight"] for item in chafta["items"]] == [
        {"value": 900.0, "unit": "KGM"},
        {"value": 900.0, "unit": "KGM"},
        {"value": 930.0, "unit": "KGM"},
    ]
    assert chafta["certification"]["date"] == "2020-06-03"
    assert chafta["certification"]["authority"]["name"] == "Australian Grape and Wine Incorporated"
    espresso = mapped["w3c-traceability/CertificationOfOrigin"]
    assert espresso["items"][0] == {
        "itemNumber": 1,
        "description": "Espresso Italiano: Premium Prosumer Espresso Makers - Model Dolce",
        "hsCode": "851671",
        "originCountry": "IT",
    }
    rice = mapped["tradetrust-gallery/oa-v2.certificate-of-origin-default"]
    assert rice["items"][0]["hsCode"] == "10063090"
    assert rice["items"][0]["description"].startswith("XYZ Premium Basmati Rice, 25kg Bag")
    assert "agreement" not in rice
    aanzfta = mapped["dvp-aanzfta/aanzfta-coo.valid"]
    assert (aanzfta["agreement"], aanzfta["exportCountry"], aanzfta["importCountry"]) == ("AANZFTA", "AU", "SG")


def test_a_certificate_that_lacks_something_stays_refused_after_mapping() -> None:
    broken = certificate_of_origin(read(BROKEN))
    with pytest.raises(DocumentInvalid) as caught:
        kind("certificate-of-origin").validate(broken)
    assert {problem.pointer for problem in caught.value.problems} == {"/issuingCountry", "/importer/address/lines"}


def test_unsalting_gives_types_back() -> None:
    salt = "4ce2d55e-cdc0-43e8-8ab9-d935ddcb2342"
    salted = {"a": f"{salt}:string:x:y", "b": [f"{salt}:number:1", f"{salt}:boolean:true"], "c": "plain"}
    assert unsalted(salted) == {"a": "x:y", "b": [1.0, True], "c": "plain"}


def test_the_credential_keeps_its_end() -> None:
    ((_, document),) = real_aeo()
    assert document["programme"] == "C-TPAT"
    assert document["roles"] == ["carrier"]
    assert kind("aeo-credential").expires(document) == 4_797_792_000
