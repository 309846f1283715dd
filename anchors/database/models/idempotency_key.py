"""Idempotency keys: what a caller has asked already."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, IDENTIFIER, TIME, Base


class IdempotencyKeyRow(Base):
    """A tenant's key, the SHA-256 of the request that used it, and the document that answered it."""

    __tablename__ = "idempotency_keys"

    tenant_id: Mapped[str] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[bytes] = mapped_column(DIGEST)
    digest: Mapped[bytes] = mapped_column(DIGEST, ForeignKey("documents.digest"))
    created_at: Mapped[int] = mapped_column(TIME)
