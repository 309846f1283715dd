"""Tenants of a node: for whom they register, the key their payloads are sealed for, their API keys."""

import hmac
import json
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from time import time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from anchors.database import Database
from anchors.database.models import ApiKeyRow, TenantIssuerRow, TenantRow
from ledger.errors import Invalid, Refused
from ledger.identifier import to_bytes32
from ledger.jwk import PublicKey

_PREFIX = "portseal"
_ID_BYTES = 6
_KEY_ID = re.compile("[0-9a-f]{12}")
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Tenant:
    """Who registers: may do so for `issuers`; payloads are sealed for `encryption_key`."""

    id: str
    issuers: frozenset[str]
    encryption_key: PublicKey


@dataclass(frozen=True)
class ApiKey:
    """What may be shown of an API key; `withdrawn_at` None while it is good."""

    id: str
    tenant: str
    created_at: int
    withdrawn_at: int | None


class Tenants:
    """The tenants in a database. Times are those of `clock`, seconds."""

    def __init__(self, database: Database, clock: Callable[[], float] = time) -> None:
        self._database = database
        self._clock = clock

    def create(self, tenant: str, issuers: Collection[str], encryption_key: PublicKey) -> Tenant:
        """Enter a tenant. Raises Invalid `identifier.form|tenant.encryption-key`, Refused `tenant.exists`."""
        _check(tenant, issuers, encryption_key)
        with self._database.write() as session:
            if session.get(TenantRow, tenant) is not None:
                raise Refused("tenant.exists", f"there is a tenant {tenant}", mend="choose another id")
            session.add(
                TenantRow(id=tenant, encryption_key=json.dumps(encryption_key.jwk()), created_at=int(self._clock()))
            )
            session.flush()
            session.add_all(TenantIssuerRow(tenant_id=tenant, issuer=issuer) for issuer in set(issuers))
        return Tenant(tenant, frozenset(issuers), encryption_key)

    def set_issuers(self, tenant: str, issuers: Collection[str]) -> None:
        """Say anew for whom it may register. Raises Invalid `identifier.form`, Refused `tenant.unknown`."""
        for issuer in issuers:
            to_bytes32(issuer)
        with self._database.write() as session:
            _existing(session, tenant)
            session.execute(delete(TenantIssuerRow).where(TenantIssuerRow.tenant_id == tenant))
            session.add_all(TenantIssuerRow(tenant_id=tenant, issuer=issuer) for issuer in set(issuers))

    def get(self, tenant: str) -> Tenant | None:
        """Return a tenant by its id."""
        with self._database.read() as session:
            return _tenant(session, tenant)

    def all(self) -> list[Tenant]:
        """Return all tenants by their ids in order."""
        with self._database.read() as session:
            ids = session.scalars(select(TenantRow.id).order_by(TenantRow.id)).all()
            return [tenant for tenant in (_tenant(session, one) for one in ids) if tenant]

    def issue_api_key(self, tenant: str) -> str:
        """Return a new token; only its SHA-256 is kept. Raises Refused `tenant.unknown`."""
        key_id = secrets.token_hex(_ID_BYTES)
        token = f"{_PREFIX}_{key_id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        with self._database.write() as session:
            _existing(session, tenant)
            session.add(
                ApiKeyRow(id=key_id, tenant_id=tenant, token_sha256=_hash(token), created_at=int(self._clock()))
            )
        return token

    def api_keys(self, tenant: str) -> list[ApiKey]:
        """Return the API keys that a tenant has or had, oldest first."""
        query = select(ApiKeyRow).where(ApiKeyRow.tenant_id == tenant).order_by(ApiKeyRow.created_at)
        with self._database.read() as session:
            return [ApiKey(row.id, row.tenant_id, row.created_at, row.withdrawn_at) for row in session.scalars(query)]

    def withdraw_api_key(self, key_id: str) -> None:
        """End an API key at once; ending it again does nothing. Raises Refused `api-key.unknown`."""
        with self._database.write() as session:
            row = session.get(ApiKeyRow, key_id)
            if row is None:
                raise Refused("api-key.unknown", f"there is no API key {key_id[:32]!r}", mend="list the keys")
            row.withdrawn_at = row.withdrawn_at or int(self._clock())

    def authenticate(self, token: str) -> Tenant | None:
        """Return the tenant that a token stands for; None for anything else."""
        key_id = token.split("_", 2)[1] if token.count("_") >= 2 else ""
        if not _KEY_ID.fullmatch(key_id):
            return None
        with self._database.read() as session:
            row = session.get(ApiKeyRow, key_id)
            if row is None or row.withdrawn_at is not None:
                return None
            if not hmac.compare_digest(row.token_sha256, _hash(token)):
                return None
            return _tenant(session, row.tenant_id)


def _check(tenant: str, issuers: Collection[str], encryption_key: PublicKey) -> None:
    for identifier in (tenant, *issuers):
        to_bytes32(identifier)
    if encryption_key.algorithm.signs:
        raise Invalid(
            "tenant.encryption-key",
            "payloads cannot be sealed for a signing key",
            mend="give a public X25519 or P-256 key meant for encryption (use: enc)",
        )


def _existing(session: Session, tenant: str) -> TenantRow:
    row = session.get(TenantRow, tenant)
    if row is None:
        raise Refused("tenant.unknown", f"there is no tenant {tenant[:32]!r}", mend="create it first")
    return row


def _tenant(session: Session, tenant: str) -> Tenant | None:
    row = session.get(TenantRow, tenant)
    if row is None:
        return None
    issuers = session.scalars(select(TenantIssuerRow.issuer).where(TenantIssuerRow.tenant_id == tenant))
    return Tenant(row.id, frozenset(issuers), PublicKey.from_jwk(json.loads(row.encryption_key)))


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
