"""Adds what a session's whole way needs: arrangements, minutes, amendments, duties, topics."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    for table, name, form in (
        ("session", "starts_at", sa.Text()),
        ("session", "venue", sa.Text()),
        ("session", "required_agencies", sa.Text()),
        ("session", "is_delegated", sa.Boolean()),
        ("session", "convened_on", sa.Date()),
        ("session", "change_reason", sa.Text()),
        ("session", "topics_on_agenda", sa.Integer()),
        ("session", "topics_omitted", sa.Integer()),
        ("session", "conclusion_due_on", sa.Date()),
        ("session", "published_on", sa.Date()),
        ("session", "publication_due_on", sa.Date()),
        ("session", "completed_on", sa.Date()),
        ("commitment", "supersedes", sa.Text()),
        ("commitment", "progress", sa.Text()),
        ("commitment", "progressed_on", sa.Date()),
        ("commitment", "days_late", sa.Integer()),
    ):
        op.add_column(table, sa.Column(name, form, nullable=True))
    op.add_column(
        "session", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "amendment",
        sa.Column("conclusion_id", sa.Text(), nullable=False),
        sa.Column("amendment", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["conclusion_id"], ["conclusion.conclusion_id"]),
        sa.PrimaryKeyConstraint("conclusion_id", "amendment"),
        sa.UniqueConstraint("province", "unit", "year", "number_key", name="amendment_number"),
    )
    op.create_table(
        "minutes",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("correction", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"]),
        sa.PrimaryKeyConstraint("session_id", "correction"),
    )
    op.create_table(
        "session_topic",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("omitted", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"]),
        sa.PrimaryKeyConstraint("session_id", "topic_id"),
    )
    op.create_table(
        "stated_commitment",
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("opinion_ids", sa.Text(), nullable=False),
        sa.Column("lead_agency", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("text_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"]),
        sa.PrimaryKeyConstraint("session_id", "statement_id"),
    )
    op.create_table(
        "obligation",
        sa.Column("obligation_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("was_missed", sa.Boolean(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("session_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("obligation_id"),
    )
    op.create_index("obligation_period", "obligation", ["province", "period_to", "unit"])
    op.create_table(
        "hot_topic",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("topic_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("province", "topic_id"),
    )
    op.create_index("hot_topic_of_unit", "hot_topic", ["province", "unit", "topic_id"])
