"""What the mirror holds of each log's checkpoints, and the logs that contradicted themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "mirror",
        sa.Column("origin_no", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("waiting_keys", sa.Text(), nullable=True),
        sa.Column("waiting_after", sa.BigInteger(), nullable=True),
        sa.Column("tree", sa.LargeBinary(), nullable=True),
        sa.Column("cosigned", sa.LargeBinary(), nullable=True),
        sa.Column("cosigned_size", sa.BigInteger(), nullable=True),
        sa.Column("cosigned_by", sa.Text(), nullable=True),
        sa.Column("cosigned_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["origin_no"], ["journal_log.origin_no"]),
        sa.PrimaryKeyConstraint("origin_no"),
    )
    op.create_table(
        "cosigned_note",
        sa.Column("origin_no", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["origin_no"], ["journal_log.origin_no"]),
        sa.PrimaryKeyConstraint("origin_no", "size"),
    )
    op.create_table(
        "dispute",
        sa.Column("origin_no", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("known_note", sa.LargeBinary(), nullable=False),
        sa.Column("other_note", sa.LargeBinary(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["origin_no"], ["journal_log.origin_no"]),
        sa.PrimaryKeyConstraint("origin_no"),
    )
