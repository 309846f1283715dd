"""What each kind of document says of each aspect, in the order in which findings name them."""

from collections.abc import Mapping
from types import MappingProxyType

from ledger.kinds.aeo_credential import AEO_CREDENTIAL
from ledger.kinds.bill_of_lading import BILL_OF_LADING
from ledger.kinds.certificate_of_origin import CERTIFICATE_OF_ORIGIN
from verifier.consignment.papers.bill import BILL
from verifier.consignment.papers.certificate import CERTIFICATE
from verifier.consignment.papers.declaration import DECLARATION
from verifier.consignment.papers.invoice import INVOICE
from verifier.consignment.particular import Readers

CUSTOMS_DECLARATION, COMMERCIAL_INVOICE = "customs-declaration", "commercial-invoice"

READERS: Mapping[str, Readers] = MappingProxyType(
    {
        BILL_OF_LADING.name: BILL,
        CUSTOMS_DECLARATION: DECLARATION,
        CERTIFICATE_OF_ORIGIN.name: CERTIFICATE,
        COMMERCIAL_INVOICE: INVOICE,
        AEO_CREDENTIAL.name: {},
    }
)

WHOLE = frozenset({BILL_OF_LADING.name, CUSTOMS_DECLARATION})
"""These speak of all that is carried; a certificate or an invoice may speak of a part of it."""
