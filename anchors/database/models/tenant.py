"""Tenants: who may register, for which issuers, with which API keys."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from anchors.database.models.base import DIGEST, IDENTIFIER, TIME, Base


class TenantRow(Base):
    """One tenant. `encryption_key` is the public JWK that payloads are sealed for."""

    __tablename__ = "tenants"

    id: Mapped[str] = mapped_column(IDENTIFIER, primary_key=True)
    encryption_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(TIME)


class TenantIssuerRow(Base):
    """An issuer that a tenant may register for."""

    __tablename__ = "tenant_issuers"

    tenant_id: Mapped[str] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"), primary_key=True)
    issuer: Mapped[str] = mapped_column(IDENTIFIER, primary_key=True)


class ApiKeyRow(Base):
    """An API key: its public id and the SHA-256 of the whole token, never the token."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(IDENTIFIER, ForeignKey("tenants.id"), index=True)
    token_sha256: Mapped[bytes] = mapped_column(DIGEST)
    created_at: Mapped[int] = mapped_column(TIME)
    withdrawn_at: Mapped[int | None] = mapped_column(TIME)
