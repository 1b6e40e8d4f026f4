"""Keeps the bytes of every reference file that a log has adopted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "reference_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name="reference_file_sha256_length"),
        sa.PrimaryKeyConstraint("sha256"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE TRIGGER reference_file_is_final BEFORE UPDATE OR DELETE OR TRUNCATE
ON reference_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
        )
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER reference_file_is_final_{verb.lower()} BEFORE {verb} "
                "ON reference_file BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
            )
