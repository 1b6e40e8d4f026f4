"""What keys of logs said of those that follow them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "key_handover",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("old_key", sa.Text(), nullable=False),
        sa.Column("new_key", sa.Text(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no", "old_key", "new_key"),
    )
