"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger()
DIGEST = sa.LargeBinary(32)
IDENTIFIER = sa.String(32)
STATE = sa.String(16)


def upgrade() -> None:
    """Create the tables, those first that others point to."""
    _create_tenants()
    _create_batches()
    _create_documents()
    _create_documents_belongings()


def downgrade() -> None:
    """Drop them in the opposite order."""
    for table in ("idempotency_keys", "reader_entries", "sealed_payloads", "documents"):
        op.drop_table(table)
    for table in ("checkpoints", "batches", "transactions", "api_keys", "tenant_issuers", "tenants"):
        op.drop_table(table)


def _create_tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("encryption_key", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    op.create_table(
        "tenant_issuers",
        sa.Column("tenant_id", IDENTIFIER, nullable=False),
        sa.Column("issuer", IDENTIFIER, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "issuer", name="pk_tenant_issuers"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_tenant_issuers_tenant_id"),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("tenant_id", IDENTIFIER, nullable=False),
        sa.Column("token_sha256", DIGEST, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_api_keys_tenant_id"),
    )
    op.create_index("ix_api_keys_tenant_id", "api_keys", ["tenant_id"])


def _create_batches() -> None:
    op.create_table(
        "transactions",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("sender", sa.String(42), nullable=False),
        sa.Column("nonce", NUMBER, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("hash", DIGEST, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("block_number", NUMBER, nullable=True),
        sa.Column("block_hash", DIGEST, nullable=True),
        sa.Column("block_time", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.UniqueConstraint("hash", name="uq_transactions_hash"),
        sa.UniqueConstraint("sender", "nonce", name="uq_transactions_sender_nonce"),
    )
    op.create_index("ix_transactions_state", "transactions", ["state"])
    op.create_table(
        "batches",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("root", DIGEST, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("manifest_digest", DIGEST, nullable=False),
        sa.Column("manifest_cid", sa.String(64), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("transaction_id", NUMBER, nullable=True),
        sa.Column("final_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.UniqueConstraint("root", "size", "manifest_digest", name="uq_batches_root_size_manifest_digest"),
        sa.ForeignKeyConstraint(["transaction_id"], ["transactions.id"], name="fk_batches_transaction_id"),
    )
    op.create_index("ix_batches_state", "batches", ["state"])
    op.create_index("ix_batches_transaction_id", "batches", ["transaction_id"])
    op.create_table(
        "checkpoints",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("block_hash", DIGEST, nullable=False),
        sa.Column("time", TIME, nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_checkpoints"),
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("tenant_id", IDENTIFIER, nullable=False),
        sa.Column("issuer", IDENTIFIER, nullable=False),
        sa.Column("kind", IDENTIFIER, nullable=False),
        sa.Column("jti", sa.String(22), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("supersedes", DIGEST, nullable=True),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("iat", TIME, nullable=False),
        sa.Column("exp", TIME, nullable=True),
        sa.Column("accepted_at", TIME, nullable=False),
        sa.Column("promised_at", TIME, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("failure_code", sa.String(64), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("payload_cid", sa.String(64), nullable=False),
        sa.Column("batch_id", NUMBER, nullable=True),
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.Column("path", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_documents"),
        sa.UniqueConstraint("digest", name="uq_documents_digest"),
        sa.UniqueConstraint("supersedes", name="uq_documents_supersedes"),
        sa.UniqueConstraint("issuer", "kind", "jti", "edition", name="uq_documents_issuer_kind_jti_edition"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_documents_tenant_id"),
        sa.ForeignKeyConstraint(["supersedes"], ["documents.digest"], name="fk_documents_supersedes"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_documents_batch_id"),
    )
    op.create_index("ix_documents_state_number", "documents", ["state", "number"])
    op.create_index("ix_documents_batch_id_leaf_index", "documents", ["batch_id", "leaf_index"])


def _create_documents_belongings() -> None:
    op.create_table(
        "sealed_payloads",
        sa.Column("document_number", NUMBER, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_number", name="pk_sealed_payloads"),
        sa.ForeignKeyConstraint(["document_number"], ["documents.number"], name="fk_sealed_payloads_document_number"),
    )
    op.create_table(
        "reader_entries",
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("reader", IDENTIFIER, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("granted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("digest", "reader", name="pk_reader_entries"),
        sa.ForeignKeyConstraint(["digest"], ["documents.digest"], name="fk_reader_entries_digest"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", IDENTIFIER, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_sha256", DIGEST, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_idempotency_keys"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_idempotency_keys_tenant_id"),
        sa.ForeignKeyConstraint(["digest"], ["documents.digest"], name="fk_idempotency_keys_digest"),
    )
