"""Every file that others published, as its holder would hand it in at a node: taken, or refused in plain words."""

import hashlib
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ledger.canonical import canonicalize
from ledger.envelope import parse, verify
from ledger.strict_json import parse as parse_json
from tests.demonstration_node import Api
from tests.flows.real_registration import real_documents
from tests.samples import needs_samples
from tests.samples.front_door import PublishedFile, published_files
from tests.samples.test_real_documents import EXPECTED
from tests.tables import Table

pytestmark = [needs_samples]

FILES = list(published_files())
CUSTODIAL = {
    "bill-of-lading": "cn.eastern-meridian",
    "certificate-of-origin": "cn.ningbo-origin",
    "aeo-credential": "cn.aeo-office",
}
WHOLE = {"dcsa/td-regular-draft", "dcsa/td-reefer-approved", "dcsa/td-amendment-reefer-put"}
TAKEN = {real.name: real for real in real_documents()}
JSON_FILES = [file for file in FILES if file.path.suffix == ".json"]
TITLE = "Other people's documents through the front door"


@dataclass
class Door:
    """Posts to the node, and tells of it in the table."""

    api: Api
    table: Table

    def register(self, file: PublishedFile, sent_as: str, **what: Any) -> httpx.Response:
        key = self.api.key(CUSTODIAL.get(file.kind, "cn.eastern-meridian"))
        what["headers"] = key | what.get("headers", {})
        answer = self.api.http.post("/v1/documents", **what)
        self._tell(file, sent_as, answer)
        return answer

    def verify_file(self, file: PublishedFile) -> httpx.Response:
        headers = {"Content-Type": file.media_type}
        return self.api.http.post("/v1/verifications", content=file.path.read_bytes(), headers=headers)

    def _tell(self, file: PublishedFile, sent_as: str, answer: httpx.Response) -> None:
        said = answer.json()
        if answer.status_code == 202:
            outcome, why = "accepted", "signed, and the canonical form is the published one"
        else:
            where = f" (at {said['pointer']})" if said.get("pointer") else ""
            outcome, why = "refused", f"{said['detail']}{where}; {said['mend']}"
        self.table(TITLE, file=file.name, sent_as=sent_as, answer=outcome, why=why)


@pytest.fixture
def door(api: Api, table: Table) -> Door:
    return Door(api, table)


def refusal(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem. What a person reads of it is there, and says more than a word."""
    assert 400 <= answer.status_code < 500, answer.text
    problem: dict[str, Any] = answer.json()
    assert len(problem["detail"].split()) >= 3
    assert len(problem["mend"].split()) >= 3
    return problem


def check_signed(api: Api, answer: httpx.Response, document: Any, expected: str) -> None:
    """The document inside the envelope that the node signed is the published one, byte for byte in canonical form."""
    assert answer.status_code == 202, answer.text
    said = answer.json()
    key = api.established.keys.issuer_keys[said["issuer"]].public_key
    signed = verify(parse(said["envelope"]), key).document
    assert hashlib.sha256(canonicalize(signed)).hexdigest() == expected
    assert hashlib.sha256(canonicalize(document)).hexdigest() == expected


def test_all_files_are_tried() -> None:
    assert len(JSON_FILES) == sum(name.endswith(".json") for name in EXPECTED) + 9
    assert {file.name for file in JSON_FILES} >= {name for name in EXPECTED if name.endswith(".json")}
    assert sum(file.path.suffix == ".xml" for file in FILES) == 2
    assert all(file.kind for file in JSON_FILES)


@pytest.mark.parametrize("file", JSON_FILES, ids=lambda file: file.name)
def test_a_file_as_it_lies_there(door: Door, file: PublishedFile) -> None:
    """No file of others is a request of ours: the answer says what it is, and how to send what can be sent."""
    if file.name in EXPECTED:
        data = file.path.read_bytes()
        assert hashlib.sha256(canonicalize(parse_json(data))).hexdigest() == EXPECTED[file.name]["jcs_sha256"]
    headers = {"Content-Type": file.media_type}
    problem = refusal(door.register(file, "file", content=file.path.read_bytes(), headers=headers))
    if file.name.removesuffix(".json") in WHOLE or "pint-3.0.0" in file.name:
        assert problem["detail"].startswith("this is a transport document")
        assert '"kind": "bill-of-lading"' in problem["mend"]
    elif file.must_say not in (None, "no such kind"):
        assert str(file.must_say) in problem["detail"]
    assert refusal(door.verify_file(file))["code"] == "verification.body"


@pytest.mark.parametrize("file", JSON_FILES, ids=lambda file: file.name)
def test_a_file_as_a_document(door: Door, file: PublishedFile) -> None:
    """With the kind that its holder takes it for."""
    body = {"kind": file.kind, "document": file.value()}
    answer = door.register(file, file.kind, json=body)
    if file.name.removesuffix(".json") in WHOLE:
        check_signed(door.api, answer, body["document"], EXPECTED[file.name]["jcs_sha256"])
        return
    problem = refusal(answer)
    assert (file.must_say or "this is") in problem["detail"]
    assert problem["pointer"].startswith("/kind" if file.must_say == "no such kind" else "/document")
    assert file.must_say is not None or "not a" in problem["detail"] or "JSON Schema" in problem["detail"]


@pytest.mark.parametrize("name", sorted(set(TAKEN) - WHOLE))
def test_what_a_file_holds_or_says_in_a_form_of_ours(door: Door, name: str) -> None:
    """The transport document inside a message; a certificate or credential with our names for its members."""
    real = TAKEN[name]
    file = next(file for file in FILES if file.name == f"{name}.json")
    inside = real.kind == "bill-of-lading"
    body = {"kind": real.kind, "document": real.document}
    answer = door.register(file, "what is inside" if inside else "in our form", json=body)
    digest = hashlib.sha256(canonicalize(real.document)).hexdigest()
    expected = EXPECTED[file.name]["transport_document_jcs_sha256"] if inside else digest
    check_signed(door.api, answer, real.document, expected)


@pytest.mark.parametrize("file", [file for file in FILES if file not in JSON_FILES], ids=lambda file: file.name)
def test_files_that_are_no_json(door: Door, file: PublishedFile) -> None:
    """However they are announced, the answer says what the file is and what to send instead."""
    content = file.path.read_bytes()
    problem = refusal(door.register(file, "file", content=content, headers={"Content-Type": file.media_type}))
    assert problem["code"] == "body.media-type"
    assert "attach" in problem["mend"]
    if file.path.suffix != ".xml":
        return
    assert "this is XML" in problem["detail"]
    for media_type in ("application/json", "application/dc+sd-jwt", "application/x-ndjson"):
        answer = door.api.http.post(
            "/v1/documents", content=content, headers=door.api.key("cn.aeo-office") | {"Content-Type": media_type}
        )
        said = answer.text.splitlines()[0] if media_type == "application/x-ndjson" else answer.text
        assert "this is XML, not" in said
        assert "JSON document of one of the kinds" in said
    assert "this is XML" in refusal(door.verify_file(file))["detail"]
