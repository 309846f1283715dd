"""What a holder of each published file would try with it at a node, and which words must answer a refusal."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.samples import REAL

MEDIA_TYPES = {".json": "application/json", ".xml": "application/xml", ".csv": "text/csv"}
# By a part of the file's name, first match: which kind its holder would take it for, and what the refusal of the
# whole file must then say that it is.
KNOWN = (
    ("schema", "bill-of-lading", None),
    ("eu-dcc-qr/", "certificate-of-origin", None),
    ("pint-3.0.0", "bill-of-lading", "longer than 20 characters"),
    ("ebl-api-3.0.0", "bill-of-lading", "shipping instruction"),
    ("dcsa/si-", "bill-of-lading", "shipping instruction"),
    ("dcsa/issuance-request", "bill-of-lading", "issuance request"),
    ("dcsa/issuance-response", "bill-of-lading", "issuance response"),
    ("dcsa/surrender-request", "bill-of-lading", "surrender request"),
    ("dcsa/endorsement-chain", "bill-of-lading", "endorsement chain"),
    ("dcsa/td-notification", "bill-of-lading", "notification"),
    ("dcsa/td-", "bill-of-lading", None),
    ("dvp-aanzfta/aanzfta", "certificate-of-origin", "Digital Verification Platform"),
    ("invoice", "invoice", "no such kind"),
    ("CommercialInvoice", "invoice", "no such kind"),
    ("PackingList", "packing-list", "no such kind"),
    ("AirWaybill", "air-waybill", "no such kind"),
    ("CTPAT", "aeo-credential", "W3C verifiable credential"),
    ("CertificationOfOrigin", "certificate-of-origin", "W3C verifiable credential"),
    ("w3c-vc.certificate-of-origin", "certificate-of-origin", "W3C verifiable credential"),
    ("oa-v2.certificate-of", "certificate-of-origin", "OpenAttestation"),
    ("chafta-coo", "certificate-of-origin", "OpenAttestation"),
    ("openattestation/", "certificate-of-origin", "OpenAttestation"),
    ("oa-v", "bill-of-lading", "OpenAttestation"),
    ("bl-maersk", "bill-of-lading", "OpenAttestation"),
    ("w3c-", "bill-of-lading", "W3C verifiable credential"),
)


@dataclass(frozen=True)
class PublishedFile:
    """One file: what it is taken for, and what a refusal as that must say (None: it lacks what the kind asks for)."""

    name: str
    kind: str
    must_say: str | None

    @property
    def path(self) -> Path:
        return REAL / self.name

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.path.suffix]

    def value(self) -> Any:
        return json.loads(self.path.read_bytes())


def published_files() -> Iterator[PublishedFile]:
    """Yield every JSON, XML and CSV file of the samples; none without them."""
    for path in sorted(REAL.rglob("*")):
        name = str(path.relative_to(REAL))
        if path.suffix in MEDIA_TYPES and name != "EXPECTED.json":
            known = next((row for row in KNOWN if row[0] in name), ("", "", None))
            yield PublishedFile(name, known[1], known[2])
