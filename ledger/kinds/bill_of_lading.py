"""Bills of lading and sea waybills: the DCSA TransportDocument 3.0.4, unchanged."""

from ledger.kinds.gate_field import GateField, count, flag, text, texts
from ledger.kinds.kind import Kind
from ledger.kinds.schema import read

_GATE = (
    GateField(1, "number", "Number", "编号", text("transportDocumentReference", most=32)),
    GateField(2, "type", "Type", "类型", text("transportDocumentTypeCode", most=4)),
    GateField(3, "isToOrder", "To order (negotiable)", "指示提单（可转让）", flag("isToOrder")),
    GateField(4, "carrierCode", "Carrier", "承运人", text("carrierCode", most=8)),
    GateField(5, "issueDate", "Issued on", "签发日期", text("issueDate", most=10)),
    GateField(6, "shippedOnBoardDate", "Shipped on board on", "装船日期", text("shippedOnBoardDate", most=10)),
    GateField(
        7, "portOfLoading", "Port of loading", "装货港", text("transports", "portOfLoading", "UNLocationCode", most=5)
    ),
    GateField(
        8,
        "portOfDischarge",
        "Port of discharge",
        "卸货港",
        text("transports", "portOfDischarge", "UNLocationCode", most=5),
    ),
    GateField(
        9,
        "containers",
        "Containers (the first six)",
        "集装箱（前六个）",
        texts("utilizedTransportEquipments", "equipment", "equipmentReference", most=6, longest=11),
    ),
    GateField(10, "containerCount", "Containers in all", "集装箱总数", count("utilizedTransportEquipments")),
)
"""No goods, parties or packages: they lie in groups that a holder may withhold."""

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
    gate=_GATE,
)
