"""Accepted documents, their sealed bytes until a store has them, and their readers' entries."""

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, IDENTIFIER, NUMBER, STATE, TIME, Base
from anchors.lane import Lane


class DocumentRow(Base):
    """One accepted document; `number` is the order of acceptance.

    edition: 0 for the first document of its (issuer, kind, jti); one more than the superseded one's where both
    have the same `jti`. With it a unique constraint holds the rule "one digest for each jti unless it supersedes",
    and the one on `supersedes` keeps the succession a line.
    kid: RFC 7638 thumbprint of the issuer's key, base64url. covered: accredited, and the key good, when accepted.
    leaf_index, path: place in the batch and RFC 9162 inclusion path, hashes of 32 bytes in a row, lowest first.
    receipt: the signed `accepted` receipt, a compact JWS. warnings: codes, separated by spaces.
    lane: 0 urgent, 1 normal, 2 bulk (anchors/lane.py). replicas: bit n is set while the payload store with bit n is
    known to hold the payload, read back and hashed.

    A document that was found again from chain and manifests has no tenant, kind, jti, kid, iat and receipt: they stand
    only in its payload, which is encrypted. Registering it again fills them in.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("issuer", "kind", "jti", "edition"),
        Index(None, "state", "lane", "tenant_id", "number"),
        Index(None, "batch_id", "leaf_index"),
    )

    number: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=True)
    digest: Mapped[bytes] = mapped_column(DIGEST, unique=True)
    tenant_id: Mapped[str | None] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"))
    issuer: Mapped[str] = mapped_column(IDENTIFIER)
    kind: Mapped[str | None] = mapped_column(IDENTIFIER)
    jti: Mapped[str | None] = mapped_column(String(22))
    edition: Mapped[int] = mapped_column(Integer)
    supersedes: Mapped[bytes | None] = mapped_column(DIGEST, ForeignKey("documents.digest"), unique=True)
    kid: Mapped[str | None] = mapped_column(String(64))
    covered: Mapped[bool]
    warnings: Mapped[str] = mapped_column(Text)
    iat: Mapped[int | None] = mapped_column(TIME)
    exp: Mapped[int | None] = mapped_column(TIME)
    accepted_at: Mapped[int] = mapped_column(TIME)
    promised_at: Mapped[int] = mapped_column(TIME)
    receipt: Mapped[str | None] = mapped_column(Text)
    lane: Mapped[int] = mapped_column(SmallInteger, default=Lane.NORMAL, server_default="1")
    replicas: Mapped[int] = mapped_column(NUMBER, default=0, server_default="0")
    state: Mapped[str] = mapped_column(STATE)
    failure_code: Mapped[str | None] = mapped_column(String(64))
    failure_detail: Mapped[str | None] = mapped_column(Text)
    payload_cid: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(NUMBER, ForeignKey("batches.id"))
    leaf_index: Mapped[int | None] = mapped_column(Integer)
    path: Mapped[bytes | None] = mapped_column(LargeBinary)


class SealedPayloadRow(Base):
    """The ciphertext of a document that no store has verified yet."""

    __tablename__ = "sealed_payloads"

    document_number: Mapped[int] = mapped_column(NUMBER, ForeignKey("documents.number"), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReaderEntryRow(Base):
    """The content key of one payload, wrapped for one reader: a compact JWE, given to that reader only."""

    __tablename__ = "reader_entries"

    digest: Mapped[bytes] = mapped_column(DIGEST, ForeignKey("documents.digest"), primary_key=True)
    reader: Mapped[str] = mapped_column(IDENTIFIER, primary_key=True)
    entry: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[int] = mapped_column(TIME)
