"""Every question can be asked about any time, as known now or then: by HTTP and from the command line."""

import json
import time
from typing import Any

import pytest

from api.cli import run
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, bill, enveloped, register

QUESTIONS = {
    ("post", "/v1/verifications"),
    ("get", "/v1/documents/{digest}"),
    ("get", "/v1/issuers"),
    ("get", "/v1/issuers/{issuer}"),
    ("get", "/v1/authorities"),
    ("get", "/v1/authorities/{authority}"),
    ("get", "/v1/operators/{authority}/{code}"),
    ("get", "/v1/operators/{authority}/{code}/benefits"),
    ("get", "/v1/recognitions"),
    ("get", "/v1/recognitions/matrix"),
    ("get", "/v1/arrangements"),
    ("get", "/v1/arrangements/{arrangement}"),
}
LONG_AGO = "2020-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def revoked(api: Api) -> tuple[str, str, int]:
    """A document that is final and was revoked, as envelope and digest; and a time between the two."""
    envelope = enveloped(api, bill("ASOF00000001"))
    digest = register(api, {"envelope": envelope}).json()["digest"]
    api.until_final(digest)
    between = head(api)
    time.sleep(max(0, between + 1.1 - time.time()))  # a block has whole seconds
    asked = {"status": "revoked"}
    assert api.http.post(f"/v1/documents/{digest}/status", json=asked, headers=api.key(CARRIER)).status_code == 200
    assert head(api) > between
    return envelope, digest, between


def head(api: Api) -> int:
    return api.node.chain.head().timestamp


def test_every_question_takes_both_times(api: Api) -> None:
    paths = api.http.get("/openapi.json").json()["paths"]
    for method, path in QUESTIONS:
        taken = {one["name"] for one in paths[path][method]["parameters"]}
        assert {"at", "known_at"} <= taken, path


@pytest.mark.parametrize(
    "command",
    ["verify", "status", "issuers show", "authorities show", "operators show", "recognition show", "arrangements show"],
)
def test_every_command_that_asks_takes_both_times(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    told = capsys.readouterr().out
    assert "--at" in told
    assert "--known-at" in told


def test_what_a_documents_status_was_then(api: Api, revoked: tuple[str, str, int]) -> None:
    _, digest, between = revoked

    def status(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = api.http.get(f"/v1/documents/{digest}", params=asked).json()["status"]
        return found

    assert (status()["now"], "then" in status()) == ("revoked", False)
    assert (status(at=between)["now"], status(at=between)["then"]["status"]) == ("revoked", "none")
    assert status(known_at=between)["then"]["status"] == "none"
    assert status(at=head(api))["then"]["status"] == "revoked"
    assert status(at=head(api), known_at=between)["then"]["status"] == "none"
    wrong = api.http.get(f"/v1/documents/{digest}", params={"at": "yesterday"})
    assert (wrong.status_code, wrong.json()["pointer"]) == (422, "/at")


def test_a_verdict_about_then_and_as_known_then(api: Api, revoked: tuple[str, str, int]) -> None:
    envelope, _, between = revoked

    def usable(**asked: Any) -> str:
        answer = api.http.post("/v1/verifications", json={"envelope": envelope} | asked).json()
        assert answer["authentic"] in ("VALID", "INDETERMINATE")
        return str(answer["usable"])

    assert usable() == "REVOKED"
    assert usable(at=str(between)) == "ACTIVE"
    assert usable(known_at=str(between)) == "ACTIVE"
    assert usable(at=LONG_AGO) == "PENDING"


def test_authorities_as_known_then(api: Api) -> None:
    """In office by what is known now, and nothing was known of it before the consortium was founded."""
    asked = api.http.get("/v1/authorities/cn.customs", params={"known_at": LONG_AGO}).json()
    assert asked["in_office"] is False
    assert {key["in_service"] for key in asked["service_keys"]} == {False}
    listed = api.http.get("/v1/authorities", params={"known_at": LONG_AGO}).json()
    assert {member["member"] for member in listed["members"]} == {False}
    assert listed["quorum"] == 0


def test_from_the_command_line(
    api: Api,
    revoked: tuple[str, str, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PORTSEAL_NODE", str(api.http.base_url))
    _, digest, between = revoked
    assert run(["status", digest, "--at", str(between)]) == 0
    assert "status then" in capsys.readouterr().out
    assert run(["verify", digest, "--known-at", str(between), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["usable"] == "UNKNOWN"
    assert run(["issuers", CARRIER, "--known-at", LONG_AGO, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "unknown-then"
    assert run(["authorities", "cn.customs", "--known-at", LONG_AGO, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["in_office"] is False
