"""The tables."""

from anchors.database.models.base import Base
from anchors.database.models.batch import BatchRow, TransactionRow
from anchors.database.models.document import DocumentRow, ReaderEntryRow, SealedPayloadRow
from anchors.database.models.finality_proof import FinalityProofRow
from anchors.database.models.idempotency_key import IdempotencyKeyRow
from anchors.database.models.relay import RelayRow
from anchors.database.models.tenant import ApiKeyRow, TenantIssuerRow, TenantRow

__all__ = [
    "ApiKeyRow",
    "Base",
    "BatchRow",
    "DocumentRow",
    "FinalityProofRow",
    "IdempotencyKeyRow",
    "ReaderEntryRow",
    "RelayRow",
    "SealedPayloadRow",
    "TenantIssuerRow",
    "TenantRow",
    "TransactionRow",
]
