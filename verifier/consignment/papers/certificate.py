"""What a certificate of origin says."""

from collections.abc import Iterator
from datetime import date

from verifier.consignment.aspect import Aspect
from verifier.consignment.papers import goods
from verifier.consignment.particular import Document, Particular, Reader, Readers
from verifier.consignment.party import party_at

_LOCODE, _TRANSPORT = "UNLocationCode", "/transport"


def _exporter(document: Document) -> Iterator[Particular]:
    """Yield the exporter and, under third-party invoicing, who invoices in its place."""
    yield from party_at("/exporter", document.get("exporter"))
    if document.get("isThirdPartyInvoicing"):
        yield from party_at("/thirdPartyInvoicer", document.get("thirdPartyInvoicer"))


def _certified(document: Document) -> list[Particular]:
    """Say when it was certified, unless it says itself that it was after the shipment."""
    if document.get("isIssuedRetroactively"):
        return []
    return [Particular(date.fromisoformat(document["certification"]["date"]), "/certification/date")]


CERTIFICATE: Readers = {
    Aspect.CARRIED_UNDER: goods.transport("transportDocumentReference", _TRANSPORT),
    Aspect.GROSS_WEIGHT: Reader(goods.ITEMS, goods.gross_weight),
    Aspect.PACKAGES: Reader(goods.ITEMS, goods.packages),
    Aspect.HS_CODES: Reader(goods.ITEMS, goods.hs_codes),
    Aspect.ORIGINS: Reader(goods.ITEMS, goods.origins),
    Aspect.EXPORTER: Reader("/exporter", _exporter, "/exporter"),
    Aspect.IMPORTER: goods.party("importer", "/importer"),
    Aspect.LOADING: goods.transport("portOfLoading", _TRANSPORT, inside=_LOCODE),
    Aspect.DISCHARGE: goods.transport("portOfDischarge", _TRANSPORT, inside=_LOCODE),
    Aspect.DEPARTURE: goods.departure(_TRANSPORT),
    Aspect.CERTIFIED: Reader("/certification/date", _certified),
    Aspect.INVOICES: Reader("/invoices", goods.invoices, "/invoices"),
}
