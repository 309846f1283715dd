"""Signed reports that are anchored: of a report the node keeps its name and its place, and nothing of what it says."""

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, IDENTIFIER, NUMBER, TIME, Base


class ReportRow(Base):
    """One report that was taken to be anchored; `number` is the order in which they came.

    digest: SHA-256 of its compact JWS, the leaf. authority: who signed it. batch_id, leaf_index, path: as of documents;
    all of them None while it waits. One that was found again from chain and manifests has no tenant.
    """

    __tablename__ = "reports"
    __table_args__ = (Index(None, "batch_id", "leaf_index"),)

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    tenant_id: Mapped[str | None] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"))
    authority: Mapped[str] = mapped_column(IDENTIFIER)
    accepted_at: Mapped[int] = mapped_column(TIME)
    batch_id: Mapped[int | None] = mapped_column(NUMBER, ForeignKey("batches.id"))
    leaf_index: Mapped[int | None] = mapped_column(Integer)
    path: Mapped[bytes | None] = mapped_column(LargeBinary)
