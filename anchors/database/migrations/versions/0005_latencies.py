"""How long documents took from accepted to final; the count begins with this migration."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "latencies",
        sa.Column("lane", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at_most", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("seconds", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("lane", "at_most", name="pk_latencies"),
    )
    op.create_index("ix_batches_final_at", "batches", ["final_at"])


def downgrade() -> None:
    """Drop it; the counts are lost."""
    op.drop_index("ix_batches_final_at", "batches")
    op.drop_table("latencies")
