"""The demonstration: three documents from signing to verdict, and forgeries refused."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.cli import opening, output
from api.cli.client import Client
from api.demonstration.cases import Case, Registered, cases
from api.demonstration.establishing import Established, Tenancy
from api.demonstration.plan import AEO, BILL, CERTIFICATE, READER
from api.demonstration.samples import sample
from ledger.consortium import ConsortiumKeys
from ledger.envelope import issue
from ledger.errors import Unavailable
from ledger.kinds import kind

CARRIER, CHAMBER, OFFICE = "cn.eastern-meridian", "cn.ningbo-origin", "cn.aeo-office"
_POLL = 0.1
_PATIENCE = 60.0


class Tour:
    """The way through the demonstration, against one running node."""

    def __init__(self, node: str, established: Established) -> None:
        self._node = node
        self._keys: ConsortiumKeys = established.keys
        self._tenants: Mapping[str, Tenancy] = established.tenants

    def register(self) -> Registered:
        """Sign and register five documents: three good ones, one outside its issuer's accreditation, one to revoke."""
        bill, certificate, aeo = sample(BILL), sample(CERTIFICATE), sample(AEO)
        copy = bill | {"transportDocumentReference": bill["transportDocumentReference"][:-1] + "9"}
        return Registered(
            bill=self._custodial(CARRIER, BILL, bill),
            certificate=self._signed_here(CHAMBER, CERTIFICATE, certificate),
            aeo=self._signed_here(OFFICE, AEO, aeo),
            outside=self._signed_here(CARRIER, CERTIFICATE, certificate),
            revoked=self._custodial(CARRIER, BILL, copy),
        )

    def await_final(self, digests: Mapping[str, str]) -> dict[str, dict[str, Any]]:
        """Wait until all documents are final; return what the node says of each."""
        client, deadline = Client(self._node), time.monotonic() + _PATIENCE
        documents: dict[str, dict[str, Any]] = {}
        for title, digest in digests.items():
            while (documents.setdefault(title, {}).get("state")) != "final":
                documents[title] = client.get(f"/v1/documents/{digest}")
                if documents[title]["state"] == "failed" or time.monotonic() > deadline:
                    raise Unavailable("demonstration.not-final", f"{title} is {documents[title]['state']}")
                time.sleep(_POLL)
        return documents

    def revoke(self, digest: str) -> dict[str, Any]:
        """Revoke a document by the carrier's API key."""
        answer: dict[str, Any] = self._client(CARRIER).post(f"/v1/documents/{digest}/status", {"status": "revoked"})
        return answer

    def open_as_reader(self, digest: str) -> str:
        """Open a payload as the foreign customs, with its own key; return the envelope that was inside."""
        return opening.fetch(self._client(READER), digest, self._tenants[READER].encryption_key).envelope

    def verify(self, registered: Registered) -> list[tuple[Case, dict[str, Any]]]:
        """Ask for every verdict as a customs officer: no API key."""
        officer = Client(self._node)
        return [(case, officer.post("/v1/verifications", case.question)) for case in cases(registered)]

    def _client(self, tenant: str) -> Client:
        return Client(self._node, self._tenants[tenant].api_key)

    def _custodial(self, issuer: str, name: str, document: dict[str, Any]) -> str:
        """Hand in the document; the node signs with the issuer's key, which is in its custody."""
        body = {"kind": name, "document": document, "readers": [READER]}
        envelope: str = self._client(issuer).post("/v1/documents", body)["envelope"]
        return envelope

    def _signed_here(self, issuer: str, name: str, document: dict[str, Any]) -> str:
        """Sign on the issuer's side, and hand in the envelope."""
        envelope = issue(document, kind(name), issuer, self._keys.issuer_keys[issuer], iat=int(time.time()))
        body = {"envelope": envelope.serialize(), "readers": [READER]}
        self._client(issuer).post("/v1/documents", body)
        return envelope.serialize()


def show_verdicts(verdicts: list[tuple[Case, dict[str, Any]]]) -> bool:
    """Print the verdicts as a table; return whether each is what it must be."""
    rows = []
    for case, verdict in verdicts:
        codes = {finding["code"]: finding["text"]["en"] for finding in verdict["findings"]}
        right = (verdict["authentic"], verdict["usable"]) == (case.authentic, case.usable) and case.code in codes
        mark = "" if right else f"  <- must be {case.authentic} {case.usable} with {case.code}"
        rows.append((case.title, verdict["authentic"], verdict["usable"] + mark, codes.get(case.code, case.code)))
    output.table("What the customs officer sees", ("document", "authentic", "usable", "because"), rows)
    return not any("<-" in usable for _, _, usable, _ in rows)


def where_next(home: Path, kubo: str | None) -> None:
    """Say where to look next."""
    output.line("Where to look next:")
    output.line("  README.md               a ten-minute tour by hand, with the command line")
    output.line("  docs/architecture.md    the parts, and the paths of data")
    output.line("  docs/verdict.md         how a verdict comes about; docs/findings.md lists every reason")
    store = f" --kubo {kubo}" if kubo else ""
    output.line(f"  .venv/bin/portseal serve --home {home}{store}    run this very node again")
