"""Keeps the whole course of an opinion, its further texts, and commitments that stand."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    for column in (
        sa.Column("part_of", sa.Text()),
        sa.Column("head_id", sa.Text()),
        sa.Column("received_level", sa.Text()),
        sa.Column("competent_level", sa.Text()),
        sa.Column("skips_level", sa.Boolean()),
        sa.Column("urgency", sa.Text()),
        sa.Column("acknowledged_on", sa.Date()),
        sa.Column("handed_over_on", sa.Date()),
        sa.Column("clarification_requested_on", sa.Date()),
        sa.Column("clarification_due_on", sa.Date()),
        sa.Column("paused_working_days", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("screened_on", sa.Date()),
        sa.Column("decline_reason", sa.Text()),
        sa.Column("redirect", sa.Text()),
        sa.Column("forwarding_notified_on", sa.Date()),
        sa.Column("round", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("commitment_id", sa.Text()),
        sa.Column("reporter_notified_on", sa.Date()),
        sa.Column("satisfaction", sa.Text()),
        sa.Column("window_is_over", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reopen_requested_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("recurs_to", sa.Text()),
        sa.Column("good_practice_on", sa.Date()),
        sa.Column("erasure_requested_on", sa.Date()),
        sa.Column("erasure_due_on", sa.Date()),
        sa.Column("erased_on", sa.Date()),
    ):
        op.add_column("opinion", column)
    # Of what was handled before, each opinion had one round, and none a commitment here.
    op.execute("UPDATE opinion SET round = 1 WHERE state IN ('in_handling', 'answered')")
    op.create_index("opinion_by_whole", "opinion", ["part_of"])
    op.create_index("opinion_by_head", "opinion", ["head_id"])
    op.create_index("opinion_by_answer", "opinion", ["province", "state", "answered_on"])
    op.create_index(
        "opinion_by_reception", "opinion", ["province", "state", "received_on", "opinion_id"]
    )
    op.create_table(
        "opinion_text",
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("opinion_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("text_id"),
    )
    op.create_index("opinion_text_by_opinion", "opinion_text", ["opinion_id"])
    op.create_table(
        "known_commitment",
        sa.Column("commitment_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("commitment_id"),
    )
    op.create_index("known_commitment_by_session", "known_commitment", ["session_id"])
