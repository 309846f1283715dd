"""AEO credentials: what a customs authority states of an operator (WCO SAFE Framework, pillar 2)."""

from ledger.kinds.day import end_of
from ledger.kinds.kind import Document, Kind
from ledger.kinds.schema import read


def _expires(document: Document) -> int | None:
    return end_of(document["validUntil"]) if "validUntil" in document else None


AEO_CREDENTIAL = Kind(
    name="aeo-credential",
    version="1",
    noun="an AEO credential",
    label_en="AEO credential",
    label_zh="AEO 资质证书",
    number_member="certificateNumber",
    groups=("/operator/address", "/operator/identifiers", "/contacts", "/sites", "/recognitionCodes"),
    schema=read("aeo-credential", "1"),
    expires=_expires,
)
