"""The payload stores that were ever configured."""

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import Base


class PayloadStoreRow(Base):
    """A payload store by its name, and the bit that stands for it in `replicas`. A bit is never given again."""

    __tablename__ = "payload_stores"

    bit: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255), unique=True)
