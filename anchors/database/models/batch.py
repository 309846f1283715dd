"""Batches, and the chain transactions that anchor them."""

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, STATE, TIME, Base


class TransactionRow(Base):
    """A signed chain transaction, written before it is sent.

    sent_at: when it was sent last. The block's fields are known once it is mined.
    """

    __tablename__ = "transactions"
    __table_args__ = (UniqueConstraint("sender", "nonce"),)

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(42))
    nonce: Mapped[int] = mapped_column(NUMBER)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    state: Mapped[str] = mapped_column(STATE, index=True)
    created_at: Mapped[int] = mapped_column(TIME)
    sent_at: Mapped[int | None] = mapped_column(TIME)
    block_number: Mapped[int | None] = mapped_column(NUMBER)
    block_hash: Mapped[bytes | None] = mapped_column(DIGEST)
    block_time: Mapped[int | None] = mapped_column(TIME)


class BatchRow(Base):
    """A batch; root, size and manifest digest name it. `transaction_id`: the transaction that anchors it."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("root", "size", "manifest_digest"),)

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    root: Mapped[bytes] = mapped_column(DIGEST)
    size: Mapped[int] = mapped_column(Integer)
    manifest_digest: Mapped[bytes] = mapped_column(DIGEST)
    manifest_cid: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(STATE, index=True)
    created_at: Mapped[int] = mapped_column(TIME)
    transaction_id: Mapped[int | None] = mapped_column(NUMBER, ForeignKey("transactions.id"), index=True)
    final_at: Mapped[int | None] = mapped_column(TIME)
