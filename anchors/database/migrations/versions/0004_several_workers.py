"""Lanes, replicas, leases, breaches, replaced transactions; documents without what only their payload says."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger()
DIGEST = sa.LargeBinary(32)
IDENTIFIER = sa.String(32)

_SAID_BY_THE_PAYLOAD: dict[str, sa.types.TypeEngine[Any]] = {
    "tenant_id": IDENTIFIER,
    "kind": IDENTIFIER,
    "jti": sa.String(22),
    "kid": sa.String(64),
    "iat": TIME,
    "receipt": sa.Text(),
}
_WAITING = "ix_documents_state_lane_tenant_id_number"


def upgrade() -> None:
    """Everything that was accepted before is of the normal lane, and its replicas are not known yet."""
    with op.batch_alter_table("documents") as table:
        table.drop_index("ix_documents_state_number")
        table.add_column(sa.Column("lane", sa.SmallInteger(), nullable=False, server_default="1"))
        table.add_column(sa.Column("replicas", NUMBER, nullable=False, server_default="0"))
        for name, kind in _SAID_BY_THE_PAYLOAD.items():
            table.alter_column(name, existing_type=kind, nullable=True)
        table.create_index(_WAITING, ["state", "lane", "tenant_id", "number"])
    with op.batch_alter_table("batches") as table:
        table.add_column(sa.Column("lane", sa.SmallInteger(), nullable=False, server_default="1"))
        table.add_column(sa.Column("manifest_replicas", NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("transactions") as table:
        table.add_column(sa.Column("gas_price", NUMBER, nullable=False, server_default="0"))
    _create_replaced_transactions()
    _create_leases()
    _create_breaches()


def downgrade() -> None:
    """Documents that were found again are lost, and can be found again; an unsent replacement's older bytes too."""
    for name in ("breaches", "marks", "payload_stores", "leases", "replaced_transactions"):
        op.drop_table(name)
    _forget_what_was_found_again()
    with op.batch_alter_table("transactions") as table:
        table.drop_column("gas_price")
    with op.batch_alter_table("batches") as table:
        table.drop_column("manifest_replicas")
        table.drop_column("lane")
    with op.batch_alter_table("documents") as table:
        table.drop_index(_WAITING)
        table.drop_column("replicas")
        table.drop_column("lane")
        for name, kind in _SAID_BY_THE_PAYLOAD.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_index("ix_documents_state_number", ["state", "number"])


def _forget_what_was_found_again() -> None:
    documents = sa.table("documents", *(sa.column(name) for name in ("tenant_id", "digest", "supersedes")))
    found_again = sa.select(documents.c.digest).where(documents.c.tenant_id.is_(None))
    op.execute(documents.update().where(documents.c.supersedes.in_(found_again)).values(supersedes=None))
    op.execute(documents.delete().where(documents.c.tenant_id.is_(None)))


def _create_replaced_transactions() -> None:
    op.create_table(
        "replaced_transactions",
        sa.Column("hash", DIGEST, nullable=False),
        sa.Column("transaction_id", NUMBER, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("gas_price", NUMBER, nullable=False),
        sa.Column("replaced_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_replaced_transactions"),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name="fk_replaced_transactions_transaction_id"
        ),
    )
    op.create_index("ix_replaced_transactions_transaction_id", "replaced_transactions", ["transaction_id"])


def _create_leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("until", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "payload_stores",
        sa.Column("bit", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("bit", name="pk_payload_stores"),
        sa.UniqueConstraint("name", name="uq_payload_stores_name"),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("moved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )


def _create_breaches() -> None:
    op.create_table(
        "breaches",
        sa.Column("document_number", NUMBER, nullable=False),
        sa.Column("promised_at", TIME, nullable=False),
        sa.Column("noticed_at", TIME, nullable=False),
        sa.Column("anchored_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("document_number", name="pk_breaches"),
        sa.ForeignKeyConstraint(["document_number"], ["documents.number"], name="fk_breaches_document_number"),
    )
