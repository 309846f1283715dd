"""Signed intents that the node relays."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add their table."""
    op.create_table(
        "relays",
        sa.Column("id", sa.LargeBinary(32), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("signer", sa.String(42), nullable=False),
        sa.Column("relayed_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sender", sa.String(42), nullable=False),
        sa.Column("nonce", NUMBER, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("transaction_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("block_number", NUMBER, nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("mend", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_relays"),
    )
    op.create_index("ix_relays_signer", "relays", ["signer"])
    op.create_index("ix_relays_state", "relays", ["state"])


def downgrade() -> None:
    """Drop it; what was relayed stays on the chain."""
    op.drop_table("relays")
