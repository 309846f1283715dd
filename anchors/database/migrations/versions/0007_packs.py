"""Edge packs, and the verdicts of devices without a line."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There are none yet."""
    op.create_table(
        "packs",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("additions", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("hash", name="uq_packs_hash"),
    )
    op.create_table(
        "offline_verdicts",
        sa.Column("device", sa.LargeBinary(32), primary_key=True),
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column(
            "tenant_id",
            sa.String(32),
            sa.ForeignKey("tenants.id", name="fk_offline_verdicts_tenant_id"),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_offline_verdicts_digest", "offline_verdicts", ["digest"])


def downgrade() -> None:
    """The packs' numbers and the verdicts are lost."""
    op.drop_table("offline_verdicts")
    op.drop_table("packs")
