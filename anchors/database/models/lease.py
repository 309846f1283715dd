"""Leases: which process does the work that only one may do at a time."""

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import NUMBER, Base


class LeaseRow(Base):
    """Who holds the lease `name` until when (seconds since the epoch, by the database's clock).

    token: one more with each new holder, so that one that was late finds out before it commits.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    token: Mapped[int] = mapped_column(NUMBER)
    until: Mapped[float] = mapped_column(Float(53))
