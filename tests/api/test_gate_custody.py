"""A node that signs for a limited issuer: its QR codes name the scope, and a scan is decided by what they name."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from anchors.gate_code import read
from api.demonstration.samples import sample
from ledger import gate_statement
from ledger.authority import Role
from ledger.envelope import issue, parse
from ledger.gate_statement import MOST_CODES, GateStatement
from ledger.issuer_state import Limit
from ledger.kinds import kind
from ledger.transaction import Call, submit_all
from tests.api.passing_hours import Site, next_hour, passing_hours
from tests.api.test_documents import CHAMBER, register

CERTIFICATE, AUTHORITY = "certificate-of-origin", "cn.chamber"
SCOPE = ("hs.84", "hs.85", "port.cnnbo")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with passing_hours(tmp_path_factory.mktemp("custody"), next_hour()) as site:
        yield site


@pytest.fixture(autouse=True)
def _limited(site: Site) -> None:
    registry = site.api.node.issuer_registry
    accredited = registry.accredit(CHAMBER, [CERTIFICATE], limits=Limit.HS_CHAPTER | Limit.PORT)
    act(site, accredited, registry.add_scope(CHAMBER, CERTIFICATE, SCOPE))


def act(site: Site, *calls: Call) -> None:
    """By the issuer's accreditor; the node, which asks once a second, has asked again."""
    account = site.api.established.keys.accounts[AUTHORITY, Role.ACT]
    submit_all(site.api.node.chain, [(account, call) for call in calls])
    site.api.node.registrar._limits = None


def certificate(number: str, **members: Any) -> dict[str, Any]:
    return sample(CERTIFICATE) | {"certificateNumber": number} | members


def goods(*codes: str) -> list[dict[str, Any]]:
    [first, *_] = sample(CERTIFICATE)["items"]
    return [first | {"itemNumber": number, "hsCode": code} for number, code in enumerate(codes, 1)]


def signed(site: Site, document: dict[str, Any]) -> tuple[dict[str, Any], GateStatement]:
    """What the node answers, and the statement that it made."""
    answer = register(site.api, {"kind": CERTIFICATE, "document": document}, CHAMBER)
    assert answer.status_code == 202, answer.text
    return answer.json(), gate_statement.parse(base64.b64decode(answer.json()["gate"]))


def scanned(site: Site, digest: str, hour: str) -> dict[str, Any]:
    site.api.until_final(digest)
    site.pass_hours(hour)
    text = site.api.node.gates.make(bytes.fromhex(digest)).text()
    assert read(text).statement.digest.hex() == digest
    answer = site.api.http.post("/v1/verifications", json={"qr": text})
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


def codes(verdict: dict[str, Any]) -> set[str]:
    return {finding["code"] for finding in verdict["findings"]}


def test_it_names_the_scope_and_nothing_of_the_document(site: Site) -> None:
    """The same codes whatever the goods are; what the envelope has more is not told to whoever scans."""
    narrow, said = signed(site, certificate("CUSTODY00000001", items=goods("8516.71")))
    _, wide = signed(site, certificate("CUSTODY00000002", items=goods("8516.71", "8414.59")))
    assert said.scope == wide.scope == SCOPE
    assert narrow["warnings"] == []
    key = site.api.established.keys.issuer_keys[CHAMBER].public_key
    document = certificate("CUSTODY00000001", items=goods("8516.71"))
    gate_statement.check_beside(said, parse(narrow["envelope"]), document, key)
    verdict = scanned(site, narrow["digest"], "CUSTODY00000090")
    assert (verdict["authentic"], verdict["usable"]) == ("VALID", "ACTIVE")
    assert "issuer.accredited" in codes(verdict)
    assert verdict["gate"]["scope"] == list(SCOPE)
    # Without digests: any four digits may stand in one.
    told = str({name: value for name, value in verdict["gate"].items() if name != "digest"})
    assert "85.16" not in told
    assert "8516" not in told


def test_outside_of_the_scope_it_names_none_and_a_scan_asks_for_the_envelope(site: Site) -> None:
    answer, said = signed(site, certificate("CUSTODY00000010", items=goods("8516.71", "3926.90")))
    assert (answer["warnings"], said.scope) == (["issuer.out-of-scope"], ())
    verdict = scanned(site, answer["digest"], "CUSTODY00000091")
    assert verdict["authentic"] == "INDETERMINATE"
    assert "issuer.scope-not-presented" in codes(verdict)
    shown = site.api.http.post("/v1/verifications", json={"envelope": answer["envelope"]}).json()
    assert shown["authentic"] == "INVALID"
    assert "issuer.out-of-scope" in codes(shown)


def test_it_follows_the_registry(site: Site) -> None:
    """A code that has left the scope is not named any more, and a limit that is gone needs none."""
    registry = site.api.node.issuer_registry
    act(site, registry.end_scope(CHAMBER, CERTIFICATE, "hs.84"))
    assert signed(site, certificate("CUSTODY00000020"))[1].scope == ("hs.85", "port.cnnbo")
    act(site, registry.accredit(CHAMBER, [CERTIFICATE], limits=Limit.PORT))
    assert signed(site, certificate("CUSTODY00000021"))[1].scope == ("port.cnnbo",)
    act(site, registry.accredit(CHAMBER, [CERTIFICATE]))
    assert signed(site, certificate("CUSTODY00000022"))[1].scope == ()


def test_more_codes_than_a_code_has_room_for(site: Site) -> None:
    """The document is registered, and its QR code is the one that asks for the envelope."""
    registry, more = site.api.node.issuer_registry, [f"hs.{number:02}" for number in range(1, MOST_CODES + 1)]
    act(site, registry.add_scope(CHAMBER, CERTIFICATE, more))
    answer, said = signed(site, certificate("CUSTODY00000030"))
    assert (answer["warnings"], said.scope) == ([], ())
    act(site, *(registry.end_scope(CHAMBER, CERTIFICATE, code) for code in more))


def test_what_is_handed_in_signed_may_name_any_scope_that_is_true(site: Site) -> None:
    """Whoever signs with software of its own names what it likes; what the document contradicts is refused."""
    key, document = site.api.established.keys.issuer_keys[CHAMBER], certificate("CUSTODY00000040")
    envelope = issue(document, kind(CERTIFICATE), CHAMBER, key, iat=1_790_000_000)
    true = gate_statement.issue(envelope, document, key, ["hs.85", "hs.86"])
    other = document | {"items": [item | {"hsCode": "8616.71"} for item in document["items"]]}
    false = gate_statement.issue(envelope, other, key, ["hs.86"])
    for statement, status, code in ((false, 422, "gate.scope"), (true, 202, None)):
        body = {"envelope": envelope.serialize(), "gate": base64.b64encode(statement.data).decode()}
        answer = register(site.api, body, CHAMBER)
        assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
