"""Signed intents that this node has sent on for their signers."""

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, NUMBER, STATE, TIME, Base


class RelayRow(Base):
    """One intent, by its EIP-712 hash, and the transaction that carries it, written before that is sent.

    intent: as JSON (ledger/intent_form.py). sender, nonce: the relaying account's. code, detail, mend: why the chain
    refused it. block_number: where it was mined.
    """

    __tablename__ = "relays"

    id: Mapped[bytes] = mapped_column(DIGEST, primary_key=True)
    intent: Mapped[str] = mapped_column(Text)
    signer: Mapped[str] = mapped_column(String(42), index=True)
    relayed_at: Mapped[int] = mapped_column(TIME)
    state: Mapped[str] = mapped_column(STATE, index=True)
    sender: Mapped[str] = mapped_column(String(42))
    nonce: Mapped[int] = mapped_column(NUMBER)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    transaction_hash: Mapped[bytes] = mapped_column(DIGEST)
    block_number: Mapped[int | None] = mapped_column(NUMBER)
    code: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[str | None] = mapped_column(Text)
    mend: Mapped[str | None] = mapped_column(Text)
