"""Edge packs, as this node made them."""

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, TIME, Base


class PackRow(Base):
    """Pack `number`: its signed head and the hash of that, the proof of its block, and what it adds."""

    __tablename__ = "packs"

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    head: Mapped[str] = mapped_column(Text)
    proof: Mapped[bytes] = mapped_column(LargeBinary)
    additions: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[int] = mapped_column(TIME)
