"""Proofs of finality of every form, in place of checkpoints alone."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.BigInteger()
DIGEST = sa.LargeBinary(32)
FORM = sa.String(16)

_AT_ONCE = 500


def upgrade() -> None:
    """Carry every checkpoint over."""
    proofs = op.create_table(
        "finality_proofs",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("form", FORM, nullable=False),
        sa.Column("block_hash", DIGEST, nullable=False),
        sa.Column("time", TIME, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_finality_proofs"),
    )
    for row in _rows("checkpoints"):
        content = {name: json.loads(row.pop(name)) for name in ("claims", "cosignatures")}
        op.execute(proofs.insert().values(form="checkpoint", content=json.dumps(content), **row))
    op.drop_table("checkpoints")


def downgrade() -> None:
    """Carry every checkpoint back; proofs of other forms are lost, and can be had from the chain again."""
    checkpoints = op.create_table(
        "checkpoints",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("block_hash", DIGEST, nullable=False),
        sa.Column("time", TIME, nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_checkpoints"),
    )
    for row in _rows("finality_proofs"):
        content = json.loads(row.pop("content"))
        if row.pop("form") == "checkpoint":
            texts = {name: json.dumps(content[name]) for name in ("claims", "cosignatures")}
            op.execute(checkpoints.insert().values(**row, **texts))
    op.drop_table("finality_proofs")


def _rows(table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows by number, a few hundred at a time: what is open while another table is written is none."""
    connection, found, number = op.get_bind(), sa.table(table, sa.column("number")), -1
    query = sa.select(sa.text("*")).select_from(found).order_by(found.c.number).limit(_AT_ONCE)
    while rows := connection.execute(query.where(found.c.number > number)).mappings().all():
        yield from (dict(row) for row in rows)
        number = rows[-1]["number"]
