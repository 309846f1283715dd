"""Documents that others published go the whole way: signed, registered, final, opened, verified; forgeries do not."""

import base64
import hashlib
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import rfc8785

from api.cli import opening
from api.cli.client import Client
from api.demonstration.plan import READER
from ledger.envelope import issue, parse, verify, withhold
from ledger.envelope.groups import present
from ledger.errors import Invalid
from ledger.kinds import kind
from tests.demonstration_node import Api
from tests.flows.real_registration import RealDocument, Registered, expected_canonical, real_documents, register
from tests.samples import needs_samples, not_bills

pytestmark = [needs_samples]

REAL_DOCUMENTS = real_documents()
BY_NAME = {real.name: real for real in REAL_DOCUMENTS}
CARRIER = "kr.haneul-marine"

Verdict = dict[str, Any]


@pytest.fixture(scope="module")
def registered(api: Api) -> dict[str, Registered]:
    """Register every document at once, so that they are on their way together."""
    return {real.name: register(api, real) for real in REAL_DOCUMENTS}


@pytest.fixture(params=BY_NAME)
def real(request: pytest.FixtureRequest) -> RealDocument:
    return BY_NAME[request.param]


def ask(api: Api, envelope: str) -> Verdict:
    answer = api.http.post(
        "/v1/verifications", content=envelope.encode("ascii"), headers={"Content-Type": "application/dc+sd-jwt"}
    )
    assert answer.status_code == 200, answer.text
    verdict: Verdict = answer.json()
    return verdict


def axes(verdict: Verdict) -> tuple[str, str]:
    return verdict["authentic"], verdict["usable"]


def codes(verdict: Verdict) -> set[str]:
    return {finding["code"] for finding in verdict["findings"]}


def usable_today(document: dict[str, Any]) -> str:
    """What the document's own dates say: it may be used on the day `validUntil`, and RCEP's end after a year."""
    ends = [date.fromisoformat(document["validUntil"])] if "validUntil" in document else []
    if document.get("agreement") == "RCEP":
        ends.append(date.fromisoformat(document["certification"]["date"]) + timedelta(days=365))
    return "EXPIRED" if any(end < datetime.now(UTC).date() for end in ends) else "ACTIVE"


def test_every_kind_is_among_them() -> None:
    found = [real.kind for real in REAL_DOCUMENTS]
    assert {name: found.count(name) for name in found} == {
        "bill-of-lading": 5,
        "certificate-of-origin": 5,
        "aeo-credential": 1,
    }


def test_becomes_final_in_a_block_that_the_members_cosigned(
    api: Api, registered: dict[str, Registered], real: RealDocument
) -> None:
    answer = registered[real.name].answer
    assert (answer["issuer"], answer["kind"], answer["warnings"]) == (real.issuer, real.kind, [])
    document = api.until_final(answer["digest"])
    assert document["state"] == "final"
    assert document["finality"]["claims"]["number"] == document["transaction"]["block_number"]
    assert len(document["finality"]["cosignatures"]) >= 3


def test_opens_for_its_reader_as_it_was_published(
    api: Api, registered: dict[str, Registered], real: RealDocument
) -> None:
    reader = api.established.tenants[READER]
    client = Client(str(api.http.base_url), reader.api_key)
    opened = opening.fetch(client, registered[real.name].digest, reader.encryption_key)
    assert opened.envelope == registered[real.name].envelope
    key = api.established.keys.issuer_keys[real.issuer].public_key
    document = verify(parse(opened.envelope), key).document
    assert document == real.document
    canonical = hashlib.sha256(rfc8785.dumps(document)).hexdigest()
    assert canonical == (expected_canonical(real.name) or hashlib.sha256(rfc8785.dumps(real.document)).hexdigest())


def test_is_verified(api: Api, registered: dict[str, Registered], real: RealDocument) -> None:
    api.until_final(registered[real.name].digest)
    verdict = ask(api, registered[real.name].envelope)
    assert axes(verdict) == ("VALID", usable_today(real.document))
    assert (verdict["digest"], verdict["issuer"]) == (registered[real.name].digest, real.issuer)


def test_is_the_same_document_with_any_group_withheld(
    api: Api, registered: dict[str, Registered], real: RealDocument
) -> None:
    api.until_final(registered[real.name].digest)
    envelope = parse(registered[real.name].envelope)
    groups = present(real.document, kind(real.kind).groups)
    assert groups
    for withheld in ([groups[0]], groups[1:], groups):
        shown = withhold(envelope, withheld).serialize()
        verdict = ask(api, shown)
        assert axes(verdict) == ("VALID", usable_today(real.document))
        assert verdict["digest"] == registered[real.name].digest
        assert "form.withheld" in codes(verdict) or not withheld


def flipped(envelope: str, chance: random.Random) -> Iterator[tuple[int, str]]:
    """Yield the envelope with one bit changed: in header, claims, signature, each disclosure, each mark between."""
    start = 0
    for part in envelope.replace(".", "~").split("~")[:-1]:
        for place in (start + chance.randrange(len(part)), start + len(part)):
            changed = bytearray(envelope, "ascii")
            changed[place] ^= 1 << chance.randrange(7)
            yield place, changed.decode("ascii")
        start += len(part) + 1


def test_is_invalid_with_one_bit_changed(api: Api, registered: dict[str, Registered], real: RealDocument) -> None:
    api.until_final(registered[real.name].digest)
    seed = random.randrange(2**32)
    for place, forged in flipped(registered[real.name].envelope, random.Random(seed)):
        assert axes(ask(api, forged)) == ("INVALID", "UNKNOWN"), f"seed {seed}, byte {place}"


def test_the_node_signs_a_published_bill_as_it_is(api: Api) -> None:
    """Handed in as plain JSON by a carrier whose key is in the node's custody."""
    real = BY_NAME["dcsa/issuance-request-regular"]
    body = {"kind": real.kind, "document": real.document}
    answer = api.http.post("/v1/documents", json=body, headers=api.key("cn.eastern-meridian")).json()
    key = api.established.keys.issuer_keys["cn.eastern-meridian"].public_key
    document = verify(parse(answer["envelope"]), key).document
    assert hashlib.sha256(rfc8785.dumps(document)).hexdigest() == expected_canonical(real.name)


def test_a_credential_whose_term_has_ended_is_valid_and_expired(api: Api) -> None:
    [real] = [real for real in REAL_DOCUMENTS if real.kind == "aeo-credential"]
    ended = replace(real, document=real.document | {"validUntil": real.document["lastValidated"]})
    assert usable_today(ended.document) == "EXPIRED"
    answer = register(api, ended)
    api.until_final(answer.digest)
    verdict = ask(api, answer.envelope)
    assert axes(verdict) == ("VALID", "EXPIRED")
    assert "validity.expired" in codes(verdict)


@pytest.mark.parametrize(("name", "document"), not_bills() if REAL_DOCUMENTS else [])
def test_what_is_no_bill_is_refused_with_the_reason(api: Api, name: str, document: dict[str, Any]) -> None:
    body = {"kind": "bill-of-lading", "document": document}
    answer = api.http.post("/v1/documents", json=body, headers=api.key("cn.eastern-meridian"))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "document.schema")
    assert problem["pointer"] == "/document/transportDocumentReference"
    if name.startswith("dcsa-conformance/pint"):
        assert "docs/kinds.md" in problem["mend"]
        assert problem["detail"] == "transportDocumentReference is longer than 20 characters"
    else:
        named = "this is a shipping instruction, not a transport document; missing: transportDocumentReference"
        assert problem["detail"].startswith(named)
        reasons = {one["pointer"]: one["detail"] for one in problem["problems"]}
        assert reasons["/document/termsAndConditions"] == "termsAndConditions is missing"
        assert reasons["/document/documentParties/issuingParty"] == "issuingParty is missing"


@pytest.mark.parametrize(("name", "document"), not_bills() if REAL_DOCUMENTS else [])
def test_what_is_no_bill_is_refused_also_when_a_carrier_signed_it(
    api: Api, name: str, document: dict[str, Any]
) -> None:
    bill, key = kind("bill-of-lading"), api.established.keys.issuer_keys[CARRIER]
    with pytest.raises(Invalid) as refused:
        issue(document, bill, CARRIER, key, iat=int(time.time()))
    assert refused.value.code == "document.schema"
    careless = replace(bill, schema={"required": []})
    envelope = issue(document, careless, CARRIER, key, iat=int(time.time()))
    answer = api.http.post("/v1/documents", json={"envelope": envelope.serialize()}, headers=api.key(CARRIER))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "document.schema")
    assert "transportDocumentReference" in problem["detail"]
    assert problem["pointer"].endswith("/transportDocumentReference")
    assert problem["mend"]
    assert api.http.get(f"/v1/documents/{envelope.digest.hex()}").status_code == 404
    assert axes(ask(api, envelope.serialize()))[0] == "INVALID"


def test_a_bare_digest_shows_nothing_of_a_published_bill(api: Api, registered: dict[str, Registered]) -> None:
    real = BY_NAME["dcsa/td-reefer-approved"]
    digest = registered[real.name].digest
    api.until_final(digest)
    answer = api.http.post("/v1/verifications", json={"digest": digest})
    assert axes(answer.json()) == ("INDETERMINATE", "UNKNOWN")
    open_answers = answer.text + api.http.get(f"/v1/documents/{digest}").text
    shipper = real.document["documentParties"]["shipper"]["partyName"]
    for secret in (shipper, base64.b64encode(shipper.encode()).decode()[:-4]):
        assert secret not in open_answers
