"""The index of like opinions; topics, and the opinions about them; reports of sentiment."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "likeness_cursor",
        sa.Column("log_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log_no"),
    )
    op.create_table(
        "likeness_sketch",
        sa.Column("log_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opinion_id", sa.Text(), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log_no", "position"),
    )
    op.create_index("likeness_sketch_by_text", "likeness_sketch", ["text_id"], unique=False)
    op.create_table(
        "likeness_band",
        sa.Column("log_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("log_no", "band", "position"),
    )
    op.create_table(
        "topic",
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name_id", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("is_hot", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("topic_id"),
    )
    op.create_index("topic_by_state", "topic", ["province", "state", "topic_id"], unique=False)
    op.create_table(
        "topic_opinion",
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("opinion_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("topic_id", "opinion_id"),
    )
    op.create_index(
        "topic_opinion_by_day", "topic_opinion", ["topic_id", "received_on"], unique=False
    )
    op.create_table(
        "sentiment",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("intensity", sa.Text(), nullable=False),
        sa.Column("breadth", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("sentiment_by_province", "sentiment", ["province", "report_id"], unique=False)
    op.create_index("sentiment_by_topic", "sentiment", ["topic_id"], unique=False)
