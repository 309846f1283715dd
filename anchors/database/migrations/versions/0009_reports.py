"""Signed reports that are anchored."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There are none yet."""
    op.create_table(
        "reports",
        sa.Column("number", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("tenant_id", sa.String(32), nullable=True),
        sa.Column("authority", sa.String(32), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", NUMBER, nullable=True),
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.Column("path", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_reports"),
        sa.UniqueConstraint("digest", name="uq_reports_digest"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_reports_tenant_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_reports_batch_id"),
    )
    op.create_index("ix_reports_batch_id_leaf_index", "reports", ["batch_id", "leaf_index"])


def downgrade() -> None:
    """What is anchored can be found again from the manifests; what waits is lost, and can be handed in again."""
    op.drop_table("reports")
