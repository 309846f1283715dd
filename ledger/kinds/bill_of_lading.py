"""Bills of lading and sea waybills: the DCSA TransportDocument 3.0.4, unchanged."""

from ledger.kinds.kind import Kind
from ledger.kinds.schema import read

BILL_OF_LADING = Kind(
    name="bill-of-lading",
    version="1",
    noun="a transport document",
    label_en="Bill of lading",
    label_zh="提单",
    number_member="transportDocumentReference",
    groups=(
        "/documentParties",
        "/partyContactDetails",
        "/consignmentItems",
        "/charges",
        "/invoicePayableAt",
        "/declaredValue",
        "/serviceContractReference",
        "/contractQuotationReference",
        "/extendedContractQuotationReference",
        "/references",
        "/customsReferences",
        "/exportLicense",
        "/importLicense",
    ),
    schema=read("bill-of-lading", "1"),
)
