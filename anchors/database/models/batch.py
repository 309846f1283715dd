"""Batches, and the chain transactions that anchor them."""

from sqlalchemy import ForeignKey, Integer, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, STATE, TIME, Base
from anchors.lane import Lane


class TransactionRow(Base):
    """A signed chain transaction, written before it is sent.

    gas_price: in wei. sent_at: when it was sent last. The block's fields are known once it is mined. One that anchors
    no batch fills a gap in the account's nonces.
    """

    __tablename__ = "transactions"
    __table_args__ = (UniqueConstraint("sender", "nonce"),)

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    sender: Mapped[str] = mapped_column(String(42))
    nonce: Mapped[int] = mapped_column(NUMBER)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    gas_price: Mapped[int] = mapped_column(NUMBER, default=0, server_default="0")
    state: Mapped[str] = mapped_column(STATE, index=True)
    created_at: Mapped[int] = mapped_column(TIME)
    sent_at: Mapped[int | None] = mapped_column(TIME)
    block_number: Mapped[int | None] = mapped_column(NUMBER)
    block_hash: Mapped[bytes | None] = mapped_column(DIGEST)
    block_time: Mapped[int | None] = mapped_column(TIME)


class ReplacedTransactionRow(Base):
    """Earlier bytes of a transaction that was signed again with the same nonce and a higher gas price.

    Any of them may still be the one that is mined.
    """

    __tablename__ = "replaced_transactions"

    hash: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(NUMBER, ForeignKey("transactions.id"), index=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    gas_price: Mapped[int] = mapped_column(NUMBER)
    replaced_at: Mapped[int] = mapped_column(TIME)


class BatchRow(Base):
    """A batch; root, size and manifest digest name it. `transaction_id`: the transaction that anchors it.

    lane: that of its documents. manifest_replicas: bit n is set while the payload store with bit n is known to hold
    the manifest.
    """

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("root", "size", "manifest_digest"),)

    id: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    root: Mapped[bytes] = mapped_column(DIGEST)
    size: Mapped[int] = mapped_column(Integer)
    manifest_digest: Mapped[bytes] = mapped_column(DIGEST)
    manifest_cid: Mapped[str] = mapped_column(String(64))
    manifest_replicas: Mapped[int] = mapped_column(NUMBER, default=0, server_default="0")
    lane: Mapped[int] = mapped_column(SmallInteger, default=Lane.NORMAL, server_default="1")
    state: Mapped[str] = mapped_column(STATE, index=True)
    created_at: Mapped[int] = mapped_column(TIME)
    transaction_id: Mapped[int | None] = mapped_column(NUMBER, ForeignKey("transactions.id"), index=True)
    final_at: Mapped[int | None] = mapped_column(TIME, index=True)
