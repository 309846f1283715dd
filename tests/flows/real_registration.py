"""The published documents, registered at a running node: each by an issuer that is accredited for its kind."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.demonstration.plan import PLAN, READER
from ledger.envelope import issue
from ledger.kinds import kind
from tests.demonstration_node import Api
from tests.samples import REAL, real_aeo, real_bills, real_certificates

Document = dict[str, Any]


@dataclass(frozen=True)
class RealDocument:
    """A published document as we register it; `issuer` signs it."""

    name: str
    kind: str
    issuer: str
    document: Document


@dataclass(frozen=True)
class Registered:
    """What the issuer keeps of a registration: the envelope, and the node's answer."""

    envelope: str
    answer: dict[str, Any]

    @property
    def digest(self) -> str:
        return str(self.answer["digest"])


def real_documents() -> list[RealDocument]:
    """Return all of them, each kind signed by the issuers there are in turn; none without the samples."""
    if not REAL.is_dir():
        return []
    found = {
        "bill-of-lading": real_bills(),
        "certificate-of-origin": real_certificates(),
        "aeo-credential": real_aeo(),
    }
    return [
        RealDocument(name, kind_name, issuer, document)
        for kind_name, documents in found.items()
        for (name, document), issuer in zip(documents, itertools.cycle(issuers_of(kind_name)), strict=False)
    ]


def issuers_of(kind_name: str) -> Iterator[str]:
    """Yield the issuers of the demonstration that are accredited for a kind."""
    for member in PLAN:
        for authority in member.authorities:
            yield from (issuer.id for issuer in authority.issuers if kind_name in issuer.kinds)


def expected_canonical(name: str) -> str | None:
    """Return what others computed as the SHA-256 of the document's RFC 8785 form; None where we mapped it."""
    facts = json.loads((REAL / "EXPECTED.json").read_bytes())["files"][f"{name}.json"]
    digest: str = facts.get("transport_document_jcs_sha256", facts["jcs_sha256"])
    return digest if "dcsa_TransportDocument_3.0.4" in facts else None


def register(api: Api, real: RealDocument) -> Registered:
    """Sign with the issuer's own key, and hand in the envelope for the foreign customs to read."""
    key = api.established.keys.issuer_keys[real.issuer]
    envelope = issue(real.document, kind(real.kind), real.issuer, key, iat=int(time.time())).serialize()
    body = {"envelope": envelope, "readers": [READER]}
    answer = api.http.post("/v1/documents", json=body, headers=api.key(real.issuer))
    assert answer.status_code == 202, answer.text
    return Registered(envelope, answer.json())
