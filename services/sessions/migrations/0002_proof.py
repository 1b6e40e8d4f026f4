"""Tiles, checkpoints, keys and refusals of the logs; what a closed one is succeeded by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.add_column("log", sa.Column("successor", sa.Text(), nullable=True))
    op.create_table(
        "tile",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tile_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="tile_of_hashes"
        ),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no", "level", "tile_index"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no", "size"),
    )
    op.create_table(
        "log_key",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("verifier_key", sa.Text(), nullable=False),
        sa.Column("first_size", sa.BigInteger(), nullable=False),
        sa.Column("last_size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no", "verifier_key"),
    )
    op.create_table(
        "signing_refusal",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_note", sa.LargeBinary(), nullable=False),
        sa.Column("refused_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no"),
    )
