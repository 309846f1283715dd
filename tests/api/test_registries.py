"""What the registries say, over HTTP; health; the OpenAPI document."""

import pytest

from api.demonstration.plan import PLAN
from tests.api.conftest import Api


def test_all_issuers_of_the_plan_are_listed(api: Api) -> None:
    answer = api.http.get("/v1/issuers").json()
    expected = {issuer.id for member in PLAN for authority in member.authorities for issuer in authority.issuers}
    assert {issuer["issuer"] for issuer in answer["issuers"]} == expected
    assert answer["as_of"]["block"] > 0


def test_an_issuer_shows_accreditation_and_key(api: Api) -> None:
    answer = api.http.get("/v1/issuers/cn.eastern-meridian").json()
    assert (answer["accreditor"], answer["state"], answer["kinds"]) == ("cn.maritime", "active", ["bill-of-lading"])
    [key] = answer["keys"]
    assert key["kid"] == api.established.keys.issuer_keys["cn.eastern-meridian"].public_key.kid
    assert (key["state"], key["compromised_since"]) == ("active", None)


def test_before_the_consortium_was_founded_nothing_held(api: Api) -> None:
    then = {"at": "2020-01-01T00:00:00Z"}
    issuer = api.http.get("/v1/issuers/cn.eastern-meridian", params=then).json()
    assert (issuer["state"], issuer["kinds"]) == ("unknown-then", [])
    assert issuer["keys"][0]["state"] == "not-in-use"
    assert api.http.get("/v1/authorities/cn.customs", params=then).json()["in_office"] is False


def test_an_authority_shows_accounts_and_service_keys(api: Api) -> None:
    answer = api.http.get("/v1/authorities/sg.customs").json()
    assert (answer["country"], answer["domain"], answer["in_office"]) == ("SG", "customs", True)
    assert {account["role"] for account in answer["accounts"]} == {"vote", "act", "anchor"}
    assert {key["purpose"] for key in answer["service_keys"]} == {"answers", "checkpoints", "encryption"}
    listed = api.http.get("/v1/authorities").json()
    assert {member["country"] for member in listed["members"]} == {member.country for member in PLAN}
    assert (len(listed["members"]), listed["quorum"]) == (15, 8)


@pytest.mark.parametrize("path", ["/v1/issuers/xx.nobody", "/v1/authorities/xx.nobody"])
def test_what_is_not_registered_is_not_found(api: Api, path: str) -> None:
    answer = api.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["mend"]


@pytest.mark.parametrize("path", ["/v1/issuers/Bad%20Id", "/v1/authorities/%C3%A9", "/v1/issuers/" + "a" * 40])
def test_what_is_no_id_is_a_problem(api: Api, path: str) -> None:
    answer = api.http.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_health(api: Api) -> None:
    assert api.http.get("/healthz").json() == {"status": "ok"}
    ready = api.http.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "parts": dict.fromkeys(("chain", "database", "store", "worker"), "ok")}


def test_the_openapi_document_names_every_address_and_its_problems(api: Api) -> None:
    document = api.http.get("/openapi.json").json()
    assert {
        "/v1/documents",
        "/v1/documents/{digest}",
        "/v1/documents/{digest}/payload",
        "/v1/documents/{digest}/readers",
        "/v1/documents/{digest}/status",
        "/v1/verifications",
        "/v1/issuers/{issuer}",
        "/v1/authorities/{authority}",
        "/healthz",
        "/readyz",
    } <= set(document["paths"])
    content = document["paths"]["/v1/documents"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/dc+sd-jwt", "application/json", "application/x-ndjson"}
    assert all("example" in one for one in content.values())
