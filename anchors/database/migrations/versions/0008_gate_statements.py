"""Gate statements. Documents that were registered before have none."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DIGEST = sa.LargeBinary(32)


def upgrade() -> None:
    """There are none yet."""
    op.create_table(
        "gate_statements",
        sa.Column("document_number", NUMBER, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("path", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("document_number", name="pk_gate_statements"),
        sa.UniqueConstraint("digest", name="uq_gate_statements_digest"),
        sa.ForeignKeyConstraint(["document_number"], ["documents.number"], name="fk_gate_statements_document_number"),
    )


def downgrade() -> None:
    """Their places are lost, and can be found again from the manifests; the statements lie in the payloads too."""
    op.drop_table("gate_statements")
