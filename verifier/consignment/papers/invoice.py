"""What a commercial invoice says (`verifier/consignment/schemas/commercial-invoice.1.json`)."""

from verifier.consignment.aspect import Aspect
from verifier.consignment.papers import goods
from verifier.consignment.particular import Document, Particular, Reader, Readers
from verifier.consignment.plain import plain_code


def _number(document: Document) -> list[Particular]:
    return [Particular(plain_code(document["invoiceNumber"]), "/invoiceNumber")]


INVOICE: Readers = {
    Aspect.CARRIED_UNDER: goods.transport("transportDocumentReference"),
    Aspect.GROSS_WEIGHT: Reader("/grossWeight", goods.gross_weight),
    Aspect.PACKAGES: Reader("/packages/number", goods.packages),
    Aspect.HS_CODES: Reader(goods.ITEMS, goods.hs_codes),
    Aspect.ORIGINS: Reader(goods.ITEMS, goods.origins),
    Aspect.EXPORTER: goods.party("seller"),
    Aspect.IMPORTER: goods.party("buyer"),
    Aspect.INVOICE: Reader("/invoiceNumber", _number),
}
