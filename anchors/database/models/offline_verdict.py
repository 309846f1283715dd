"""Verdicts that devices without a line gave, and handed in."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, IDENTIFIER, NUMBER, TIME, Base


class OfflineVerdictRow(Base):
    """Verdict `number` of a device, which its key's thumbprint names; `hash` is that of the line as it was signed.

    tenant_id: who handed it in. digest: None where what was presented could not be read. at: by the device's clock.
    """

    __tablename__ = "offline_verdicts"

    device: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(DIGEST)
    tenant_id: Mapped[str] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"))
    digest: Mapped[bytes | None] = mapped_column(DIGEST, index=True)
    at: Mapped[int] = mapped_column(TIME)
    line: Mapped[str] = mapped_column(Text)
    received_at: Mapped[int] = mapped_column(TIME)
