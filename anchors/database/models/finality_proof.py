"""Proofs that blocks are final."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, TIME, Base


class FinalityProofRow(Base):
    """A proof that holds, of the block `number`: its form, and its content as JSON (anchors/proof_content.py)."""

    __tablename__ = "finality_proofs"

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    form: Mapped[str] = mapped_column(String(16))
    block_hash: Mapped[bytes] = mapped_column(DIGEST)
    time: Mapped[int] = mapped_column(TIME)
    content: Mapped[str] = mapped_column(Text)
