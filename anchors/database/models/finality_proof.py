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


class ReplacedProofRow(Base):
    """A proof that held, of a block that has left the chain since: evidence against those who signed it.

    replaced_at: when that was noticed.
    """

    __tablename__ = "replaced_proofs"

    block_hash: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    number: Mapped[int] = mapped_column(NUMBER)
    form: Mapped[str] = mapped_column(String(16))
    time: Mapped[int] = mapped_column(TIME)
    content: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[int] = mapped_column(TIME)
