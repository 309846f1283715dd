"""Registering over HTTP, against a real node."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from anchors import reader_entry
from anchors.sealing import open_payload
from api.demonstration.samples import sample
from ledger.envelope import issue, parse, withhold
from ledger.jws import read_statement
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from tests.api.conftest import Api

CARRIER, CHAMBER, READER = "cn.eastern-meridian", "cn.ningbo-origin", "sg.customs"
PROBLEM = "application/problem+json"


def bill(number: str) -> dict[str, Any]:
    return sample("bill-of-lading") | {"transportDocumentReference": number}


def enveloped(api: Api, document: dict[str, Any], issuer: str = CARRIER, name: str = "bill-of-lading") -> str:
    key = api.established.keys.issuer_keys[issuer]
    return issue(document, kind(name), issuer, key, iat=1_790_000_000).serialize()


def register(api: Api, body: dict[str, Any], tenant: str = CARRIER, **headers: str) -> Any:
    return api.http.post("/v1/documents", json=body, headers={**api.key(tenant), **headers})


def test_an_envelope_is_accepted_and_becomes_final(api: Api) -> None:
    envelope = enveloped(api, bill("TEST00000001"))
    headers = {**api.key(CARRIER), "Content-Type": "application/dc+sd-jwt"}
    answer = api.http.post("/v1/documents", content=envelope, headers=headers)
    assert answer.status_code == 202
    digest = parse(envelope).digest.hex()
    assert answer.headers["location"] == f"/v1/documents/{digest}"
    document = api.until_final(digest)
    assert document["state"] == "final"
    assert document["batch"]["size"] >= 1
    assert document["finality"].keys() == {"form", "claims", "cosignatures"}
    assert document["finality"]["form"] == "checkpoint"
    assert document["finality"]["claims"]["number"] == document["transaction"]["block_number"]
    assert document["status"]["now"] == "none"


def test_the_receipt_is_signed_by_the_nodes_answers_key(api: Api) -> None:
    answer = register(api, {"envelope": enveloped(api, bill("TEST00000002"))}).json()
    authority = api.http.get("/v1/authorities/cn.customs").json()
    [key] = [one for one in authority["service_keys"] if one["purpose"] == "answers" and one["in_service"]]
    from ledger.jwk import PublicKey

    claims = read_statement(answer["receipt"], PublicKey.from_jwk(key["jwk"]), "portseal-receipt+jwt")
    assert claims["digest"] == answer["digest"]
    assert claims["anchored_by"] > claims["accepted_at"]


def test_a_document_is_signed_with_the_custodial_key_and_handed_back(api: Api) -> None:
    document = bill("TEST00000003")
    answer = register(api, {"kind": "bill-of-lading", "document": document}).json()
    envelope = parse(answer["envelope"])
    assert envelope.issuer == CARRIER
    assert envelope.digest.hex() == answer["digest"]


def test_lines_are_answered_line_by_line(api: Api) -> None:
    good = json.dumps({"envelope": enveloped(api, bill("TEST00000004"))})
    bad = json.dumps({"kind": "bill-of-lading", "document": {"transportDocumentReference": "X"}})
    body = "\n".join([good, bad, "not json", good, ""])
    headers = {**api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    answer = api.http.post("/v1/documents", content=body.encode(), headers=headers)
    assert answer.status_code == 202
    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [(result["line"], result["status"]) for result in results] == [(1, 202), (2, 422), (3, 400), (4, 202)]
    assert results[0]["digest"] == results[3]["digest"]
    assert results[3]["repeated"]
    assert results[1]["problem"]["pointer"].startswith("/document")


def test_the_same_idempotency_key_makes_one_document(api: Api) -> None:
    body = {"kind": "bill-of-lading", "document": bill("TEST00000005")}
    first = register(api, body, **{"Idempotency-Key": "one"})
    second = register(api, body, **{"Idempotency-Key": "one"})
    assert second.status_code == 202
    assert second.json()["digest"] == first.json()["digest"]
    other = register(api, {**body, "document": bill("TEST00000006")}, **{"Idempotency-Key": "one"})
    assert other.status_code == 409
    assert other.json()["code"] == "idempotency.mismatch"


def test_payload_opens_for_registrant_and_reader_only(api: Api) -> None:
    answer = register(api, {"envelope": enveloped(api, bill("TEST00000007")), "readers": [READER]}).json()
    path = f"/v1/documents/{answer['digest']}/payload"
    for tenant in (CARRIER, READER):
        payload = api.http.get(path, headers=api.key(tenant)).json()
        assert opened(payload, api.established.tenants[tenant].encryption_key) == answer["envelope"]
    stranger = api.http.get(path, headers=api.key("jp.seto-line"))
    assert (stranger.status_code, stranger.json()["code"]) == (403, "authentication.forbidden")
    assert api.http.get(path).status_code == 401
    assert answer["envelope"] not in api.http.get(f"/v1/documents/{answer['digest']}").text


def test_a_reader_is_granted_and_withdrawn(api: Api) -> None:
    answer = register(api, {"envelope": enveloped(api, bill("TEST00000008"))}).json()
    path = f"/v1/documents/{answer['digest']}"
    assert api.http.get(f"{path}/payload", headers=api.key(READER)).status_code == 403
    own = api.http.get(f"{path}/payload", headers=api.key(CARRIER)).json()["reader_entry"]
    content_key = reader_entry.open_entry(own, api.established.tenants[CARRIER].encryption_key)
    public = api.established.tenants[READER].encryption_key.public_key
    entry = reader_entry.make(content_key, public, bytes.fromhex(answer["digest"]))
    granted = api.http.post(f"{path}/readers", json={"reader": READER, "entry": entry}, headers=api.key(CARRIER))
    assert granted.status_code == 201
    payload = api.http.get(f"{path}/payload", headers=api.key(READER)).json()
    assert opened(payload, api.established.tenants[READER].encryption_key) == answer["envelope"]
    assert api.http.delete(f"{path}/readers/{READER}", headers=api.key(READER)).status_code == 403
    assert api.http.delete(f"{path}/readers/{READER}", headers=api.key(CARRIER)).status_code == 204
    assert api.http.get(f"{path}/payload", headers=api.key(READER)).status_code == 403


def test_an_entry_for_another_key_is_refused(api: Api) -> None:
    answer = register(api, {"envelope": enveloped(api, bill("TEST00000009"))}).json()
    path = f"/v1/documents/{answer['digest']}"
    own = api.http.get(f"{path}/payload", headers=api.key(CARRIER)).json()["reader_entry"]
    wrong = api.http.post(f"{path}/readers", json={"reader": READER, "entry": own}, headers=api.key(CARRIER))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "reader-entry.other-key")


def opened(payload: dict[str, Any], key: PrivateKey) -> str:
    content_key = reader_entry.open_entry(payload["reader_entry"], key)
    digest = bytes.fromhex(payload["digest"])
    envelope, _ = open_payload(base64.b64decode(payload["payload"]), content_key, digest)
    return envelope


def test_an_attachment_is_sealed_with_the_document(api: Api) -> None:
    body = {
        "kind": "bill-of-lading",
        "document": bill("TEST00000010"),
        "attachments": [{"name": "bill.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjc="}],
    }
    answer = register(api, body).json()
    payload = api.http.get(f"/v1/documents/{answer['digest']}/payload", headers=api.key(CARRIER)).json()
    key = api.established.tenants[CARRIER].encryption_key
    content_key = reader_entry.open_entry(payload["reader_entry"], key)
    digest = bytes.fromhex(payload["digest"])
    _, [attachment] = open_payload(base64.b64decode(payload["payload"]), content_key, digest)
    assert (attachment.name, attachment.content) == ("bill.pdf", b"%PDF-1.7")


def test_status_is_written_by_the_issuers_key_only(api: Api) -> None:
    answer = register(api, {"envelope": enveloped(api, bill("TEST00000011"))}).json()
    api.until_final(answer["digest"])
    path = f"/v1/documents/{answer['digest']}/status"
    assert api.http.post(path, json={"status": "revoked"}).status_code == 401
    assert api.http.post(path, json={"status": "revoked"}, headers=api.key(CHAMBER)).status_code == 403
    assert api.http.post(path, json={"status": "suspended"}, headers=api.key(CARRIER)).status_code == 200
    assert api.http.get(f"/v1/documents/{answer['digest']}").json()["status"]["now"] == "suspended"
    assert api.http.post(path, json={"status": "reinstated"}, headers=api.key(CARRIER)).status_code == 200
    assert api.http.post(path, json={"status": "revoked", "reason": 3}, headers=api.key(CARRIER)).status_code == 200
    again = api.http.post(path, json={"status": "reinstated"}, headers=api.key(CARRIER))
    assert (again.status_code, again.json()["code"]) == (409, "contract.DocumentRegistryStatusFinal")


def test_a_superseding_document_takes_the_place(api: Api) -> None:
    first = register(api, {"envelope": enveloped(api, bill("TEST00000012"))}).json()
    second = register(api, {"envelope": enveloped(api, bill("TEST00000013")), "supersedes": first["digest"]}).json()
    api.until_final(second["digest"])
    asked = {"status": "superseded", "successor": second["digest"]}
    answer = api.http.post(f"/v1/documents/{first['digest']}/status", json=asked, headers=api.key(CARRIER))
    assert answer.status_code == 200
    verdict = api.http.post("/v1/verifications", json={"envelope": first["envelope"]}).json()
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "SUPERSEDED")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"{", 400, "json.", None),
        (b'{"kind": "bill-of-lading", "kind": "x"}', 400, "json.duplicate-key", "/kind"),
        (b"[]", 422, "registration.body", ""),
        (b"{}", 422, "registration.body", ""),
        (b'{"envelope": 1}', 422, "registration.body", "/envelope"),
        (b'{"document": {}}', 422, "registration.body", "/kind"),
        (b'{"document": [], "kind": "bill-of-lading"}', 422, "registration.body", "/document"),
        (b'{"document": {}, "kind": "passport"}', 422, "kind.unknown", "/kind"),
        (b'{"document": {}, "kind": "bill-of-lading"}', 422, "document.schema", "/document"),
        (b'{"envelope": "abc"}', 422, "envelope.", None),
        (b'{"envelope": "a", "surprise": 1}', 422, "registration.body", "/surprise"),
        (b'{"document": {}, "kind": "bill-of-lading", "issuer": "jp.seto-line"}', 409, "tenant.issuer", "/issuer"),
        (b'{"envelope": "a", "supersedes": "xyz"}', 422, "digest.form", "/supersedes"),
        (b'{"envelope": "a", "readers": [7]}', 422, "registration.body", "/readers/0"),
        (b'{"document": {"n": 1e400}, "kind": "bill-of-lading"}', 400, "json.", "/document/n"),
    ],
)
def test_bad_input_names_the_member_and_the_mend(
    api: Api, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    headers = {**api.key(CARRIER), "Content-Type": "application/json"}
    answer = api.http.post("/v1/documents", content=body, headers=headers)
    problem = answer.json()
    assert answer.headers["content-type"] == PROBLEM
    assert (answer.status_code, problem["status"]) == (status, status)
    assert problem["code"].startswith(code)
    assert problem["type"] == f"urn:portseal:problem:{problem['code']}"
    assert problem["mend"]
    if pointer is not None:
        assert problem["pointer"].startswith(pointer)


def test_what_is_refused_leaves_nothing_behind(api: Api) -> None:
    before = api.node.archive.find(b"\0" * 32)
    envelope = enveloped(api, bill("TEST00000014"))
    tampered = envelope.replace(envelope[200:204], envelope[204:208], 1)
    answer = register(api, {"envelope": tampered})
    assert answer.status_code == 422
    assert before is None
    assert api.http.get(f"/v1/documents/{parse(envelope).digest.hex()}").status_code == 404


def test_an_envelope_with_parts_withheld_is_not_registered(api: Api) -> None:
    envelope = withhold(parse(enveloped(api, bill("TEST00000015"))), ["/charges"]).serialize()
    answer = register(api, {"envelope": envelope})
    assert (answer.status_code, answer.json()["code"]) == (422, "registration.withheld")


def test_other_media_types_and_methods_are_refused(api: Api) -> None:
    answer = api.http.post("/v1/documents", content=b"x", headers={**api.key(CARRIER), "Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert api.http.put("/v1/documents").status_code == 405
    assert api.http.get("/v1/nothing").headers["content-type"] == PROBLEM
    assert api.http.get("/v1/documents/xyz").json()["code"] == "digest.form"


def test_a_wrong_api_key_is_refused(api: Api) -> None:
    for value in ("Bearer nonsense", "Bearer portseal_000000000000_x", "Basic abc", "Bearer"):
        answer = api.http.post("/v1/documents", json={}, headers={"Authorization": value})
        assert answer.status_code == 401
        assert "Bearer" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b'{"status": "burnt"}', 422, "request.body", "/status"),
        (b'{"status": "revoked", "reason": "x"}', 422, "request.body", "/reason"),
        (b'{"status": "revoked", "surprise": 1}', 422, "request.body", "/surprise"),
        (b"[" * 100_000, 413, "json.too-large", None),
        (b'{"status":' + b"[" * 50, 400, "json.too-deep", None),
        (b"[]", 422, "request.body", ""),
        (b"\xff", 400, "json.encoding", None),
    ],
)
def test_a_bad_status_body_is_a_problem(api: Api, body: bytes, status: int, code: str, pointer: str | None) -> None:
    headers = {**api.key(CARRIER), "Content-Type": "application/json"}
    answer = api.http.post(f"/v1/documents/{'ab' * 32}/status", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["code"].startswith(code) or answer.json()["code"] == "body.too-large"
    if pointer is not None:
        assert answer.json()["pointer"] == pointer


def test_an_endless_body_is_cut_off(api: Api) -> None:
    headers = {**api.key(CARRIER), "Content-Type": "application/json"}
    endless = (b" " * 65_536 for _ in range(100))
    answer = api.http.post(f"/v1/documents/{'ab' * 32}/status", content=endless, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body.too-large")


def test_groups_of_lines_are_accepted_one_at_a_time(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the pipeline gets its turn beside those who send without a pause."""
    from api import registering

    accept, under_way, most = registering.accept, [0], [0]

    def slowly(*given: Any) -> list[dict[str, Any]]:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        time.sleep(0.2)
        under_way[0] -= 1
        return accept(*given)

    monkeypatch.setattr(registering, "accept", slowly)
    headers = {**api.key(CARRIER), "Content-Type": "application/x-ndjson"}

    def send(number: int) -> int:
        line = json.dumps({"envelope": enveloped(api, bill(f"TURN{number:08}"))})
        answer = api.http.post("/v1/documents", content=line, headers=headers)
        return answer.text.count('"status": 202')

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [1] * 4
    assert most == [1]
