"""What a customs declaration says (`verifier/consignment/schemas/customs-declaration.1.json`)."""

from collections.abc import Iterator

from verifier.consignment.aspect import Aspect
from verifier.consignment.papers import goods
from verifier.consignment.particular import Document, Particular, Reader, Readers
from verifier.consignment.plain import plain_code

_LOCODE, _CONTAINERS = "UNLocationCode", "/containers"


def _containers(document: Document) -> Iterator[Particular]:
    for index, one in enumerate(document.get("containers", ())):
        yield Particular(plain_code(one["equipmentReference"]), f"{_CONTAINERS}/{index}/equipmentReference")


def _seals(document: Document) -> Iterator[Particular]:
    for index, one in enumerate(document.get("containers", ())):
        container = plain_code(one["equipmentReference"])
        for place, seal in enumerate(one.get("seals", ())):
            yield Particular((container, plain_code(seal)), f"{_CONTAINERS}/{index}/seals/{place}")


DECLARATION: Readers = {
    Aspect.CARRIED_UNDER: goods.transport("transportDocumentReference"),
    Aspect.CONTAINERS: Reader(_CONTAINERS, _containers),
    Aspect.SEALS: Reader(_CONTAINERS, _seals),
    Aspect.GROSS_WEIGHT: Reader("/grossWeight", goods.gross_weight),
    Aspect.PACKAGES: Reader("/packages/number", goods.packages),
    Aspect.HS_CODES: Reader(goods.ITEMS, goods.hs_codes),
    Aspect.ORIGINS: Reader(goods.ITEMS, goods.origins),
    Aspect.EXPORTER: goods.party("exporter"),
    Aspect.IMPORTER: goods.party("importer"),
    Aspect.LOADING: goods.transport("portOfLoading", inside=_LOCODE),
    Aspect.DISCHARGE: goods.transport("portOfDischarge", inside=_LOCODE),
    Aspect.DEPARTURE: goods.departure(),
    Aspect.INVOICES: Reader("/invoices", goods.invoices),
}
