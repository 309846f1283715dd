"""The tables."""

from anchors.database.models.base import Base
from anchors.database.models.batch import BatchRow, ReplacedTransactionRow, TransactionRow
from anchors.database.models.breach import BreachRow
from anchors.database.models.document import DocumentRow, ReaderEntryRow, SealedPayloadRow
from anchors.database.models.finality_proof import FinalityProofRow, ReplacedProofRow
from anchors.database.models.gate_statement import GateStatementRow
from anchors.database.models.idempotency_key import IdempotencyKeyRow
from anchors.database.models.latency import LatencyRow
from anchors.database.models.lease import LeaseRow
from anchors.database.models.mark import MarkRow
from anchors.database.models.offline_verdict import OfflineVerdictRow
from anchors.database.models.pack import PackRow
from anchors.database.models.payload_store import PayloadStoreRow
from anchors.database.models.relay import RelayRow
from anchors.database.models.report import ReportRow
from anchors.database.models.tenant import ApiKeyRow, TenantIssuerRow, TenantRow

__all__ = [
    "ApiKeyRow",
    "Base",
    "BatchRow",
    "BreachRow",
    "DocumentRow",
    "FinalityProofRow",
    "GateStatementRow",
    "IdempotencyKeyRow",
    "LatencyRow",
    "LeaseRow",
    "MarkRow",
    "OfflineVerdictRow",
    "PackRow",
    "PayloadStoreRow",
    "ReaderEntryRow",
    "RelayRow",
    "ReplacedProofRow",
    "ReplacedTransactionRow",
    "ReportRow",
    "SealedPayloadRow",
    "TenantIssuerRow",
    "TenantRow",
    "TransactionRow",
]
