"""Marks: how far something that goes through everything again and again has come."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import NUMBER, TIME, Base


class MarkRow(Base):
    """The place `number` where the work `name` goes on, and when it was there."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(NUMBER)
    moved_at: Mapped[int] = mapped_column(TIME)
