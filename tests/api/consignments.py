"""Final documents of one consignment, for the tests of decisions and bulk verification."""

from typing import Any

from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind as kind_named
from tests.demonstration_node import Api

BILL, CERTIFICATE, AEO = "bill-of-lading", "certificate-of-origin", "aeo-credential"
DECLARATION, INVOICE = "customs-declaration", "commercial-invoice"
ISSUERS = {BILL: "cn.eastern-meridian", CERTIFICATE: "cn.ningbo-origin", AEO: "cn.aeo-office"}


def signed(api: Api, kind: str, **changes: Any) -> str:
    """An envelope by the demonstration's issuer of that kind."""
    issuer = ISSUERS[kind]
    key = api.established.keys.issuer_keys[issuer]
    return issue(sample(kind) | changes, kind_named(kind), issuer, key, iat=1_790_000_000).serialize()


def registered(api: Api, *envelopes: str, issuer: str) -> None:
    """Register envelopes of one issuer and wait until they are final."""
    headers = {**api.key(issuer), "Content-Type": "application/dc+sd-jwt"}
    digests = []
    for envelope in envelopes:
        answer = api.http.post("/v1/documents", content=envelope, headers=headers)
        assert answer.status_code == 202, answer.text
        digests.append(answer.json()["digest"])
    for digest in digests:
        assert api.until_final(digest)["state"] == "final"


def final(api: Api, kind: str, **changes: Any) -> str:
    """An envelope that is registered and final."""
    envelope = signed(api, kind, **changes)
    registered(api, envelope, issuer=ISSUERS[kind])
    return envelope


def statement(kind: str, **changes: Any) -> dict[str, Any]:
    return {"kind": kind, "statement": sample(kind) | changes}
