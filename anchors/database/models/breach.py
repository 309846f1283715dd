"""Breaches: promises of receipts that were not kept."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import NUMBER, TIME, Base


class BreachRow(Base):
    """A document not anchored by the time its receipt promised; `anchored_at`: its block's time, once it was."""

    __tablename__ = "breaches"

    document_number: Mapped[int] = mapped_column(NUMBER, ForeignKey("documents.number"), primary_key=True)
    promised_at: Mapped[int] = mapped_column(TIME)
    noticed_at: Mapped[int] = mapped_column(TIME)
    anchored_at: Mapped[int | None] = mapped_column(TIME)
