"""Verification over HTTP, without an API key."""

from typing import Any

import pytest

from api.demonstration.cases import with_claims_changed, with_weight_changed
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register


@pytest.fixture(scope="module")
def final(api: Api) -> str:
    """An envelope that is registered and final."""
    envelope = enveloped(api, bill("VERIFY000001"))
    api.until_final(register(api, {"envelope": envelope}).json()["digest"])
    return envelope


def verify(api: Api, **asked: Any) -> dict[str, Any]:
    answer = api.http.post("/v1/verifications", json=asked)
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


def codes(verdict: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in verdict["findings"]}


def test_a_final_document_is_valid_and_active(api: Api, final: str) -> None:
    verdict = verify(api, envelope=final)
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "ACTIVE")
    assert verdict["finality"].keys() == {"form", "block", "block_time", "signers", "of"}
    assert (verdict["finality"]["form"], verdict["finality"]["of"]) == ("checkpoint", 15)
    assert len(verdict["finality"]["signers"]) >= 11
    assert verdict["as_of"]["block"] > 0
    for finding in verdict["findings"]:
        assert finding["text"]["zh"]
        assert finding["text"]["en"]


def test_the_envelope_may_be_the_body_itself(api: Api, final: str) -> None:
    headers = {"Content-Type": "application/dc+sd-jwt"}
    answer = api.http.post("/v1/verifications", content=final, headers=headers, params={"relying_country": "SG"})
    verdict = answer.json()
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "NOT_RECOGNISED")
    assert "recognition.not-agreed" in codes(verdict)


def test_with_a_query_and_without_one_the_answer_is_the_same(api: Api, final: str) -> None:
    bare, asked = (
        api.http.post(f"/v1/verifications{query}", json={"envelope": final}) for query in ("", "?report=false")
    )
    assert bare.status_code == asked.status_code == 200
    first, second = bare.json(), asked.json()
    assert first.keys() == second.keys()
    for member in ("authentic", "usable", "digest", "proved"):
        assert first[member] == second[member]
    assert bare.headers.keys() == asked.headers.keys()
    for query in ("report=perhaps", "trusted_block=-1", "proved=2", f"at={'1' * 41}"):
        wrong = api.http.post(f"/v1/verifications?{query}", json={"envelope": final})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "request.parameter"), query


def test_forgeries_are_invalid_with_the_reason(api: Api, final: str) -> None:
    changed = verify(api, envelope=with_weight_changed(final))
    assert (changed["authentic"], changed["usable"]) == ("INVALID", "UNKNOWN")
    assert "integrity.disclosures" in codes(changed)
    claims = verify(api, envelope=with_claims_changed(final))
    assert claims["authentic"] == "INVALID"
    assert "integrity.signature" in codes(claims)


def test_what_is_no_envelope_is_invalid_and_says_so(api: Api) -> None:
    for text in ("", "~", "a.b.c~", "not an envelope", "é"):
        verdict = verify(api, envelope=text)
        assert (verdict["authentic"], verdict["usable"]) == ("INVALID", "UNKNOWN")
        assert "form.unreadable" in codes(verdict)


def test_a_signed_document_that_nobody_registered_is_indeterminate(api: Api) -> None:
    verdict = verify(api, envelope=enveloped(api, bill("VERIFY000002")))
    assert (verdict["authentic"], verdict["usable"]) == ("INDETERMINATE", "PENDING")


def test_before_it_was_anchored_it_was_pending(api: Api, final: str) -> None:
    verdict = verify(api, envelope=final, at="2020-01-01T00:00:00Z")
    assert (verdict["authentic"], verdict["usable"]) == ("INDETERMINATE", "PENDING")


def test_a_bare_digest_is_indeterminate(api: Api, final: str) -> None:
    digest = register(api, {"envelope": final}).json()["digest"]
    verdict = verify(api, digest=digest)
    assert verdict["authentic"] == "INDETERMINATE"
    assert "integrity.not-presented" in codes(verdict)


def test_a_document_outside_the_accreditation_is_invalid(api: Api) -> None:
    from api.demonstration.samples import sample

    document = sample("certificate-of-origin") | {"certificateNumber": "OUTSIDE-1"}
    envelope = enveloped(api, document, CARRIER, "certificate-of-origin")
    accepted = register(api, {"envelope": envelope}).json()
    assert "issuer.not-accredited" in accepted["warnings"]
    api.until_final(accepted["digest"])
    verdict = verify(api, envelope=envelope)
    assert (verdict["authentic"], verdict["usable"]) == ("INVALID", "UNKNOWN")
    assert "issuer.not-accredited" in codes(verdict)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"envelope": "a", "digest": "b"}, ""),
        ({"digest": "xyz"}, "/digest"),
        ({"digest": "00" * 32, "at": "yesterday"}, "/at"),
        ({"digest": "00" * 32, "at": "2026-11-22T08:00:00"}, "/at"),
        ({"digest": "00" * 32, "relying_country": "Singapore"}, "/relying_country"),
        ({"digest": 1}, "/digest"),
        ({"digest": "00" * 32, "surprise": "x"}, "/surprise"),
    ],
)
def test_a_wrong_question_is_a_problem(api: Api, body: dict[str, Any], pointer: str) -> None:
    answer = api.http.post("/v1/verifications", json=body)
    problem = answer.json()
    assert answer.status_code == 422, answer.text
    assert problem["pointer"] == pointer
    assert problem["mend"]
