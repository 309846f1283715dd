"""How long documents took from accepted to final, counted as they become final."""

from sqlalchemy import SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import NUMBER, Base


class LatencyRow(Base):
    """Documents of a lane that took at most `at_most` seconds and more than the bound below; `seconds`: their sum.

    at_most 0 stands for those beyond every bound. In the database, since every process finalizes and restarts.
    """

    __tablename__ = "latencies"

    lane: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at_most: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(NUMBER)
    seconds: Mapped[int] = mapped_column(NUMBER)
