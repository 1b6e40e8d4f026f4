"""What happens between issue and answer: legs, contributions, texts, triage."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, sa.types.TypeEngine[object]], ...] = (
    ("original_due_on", sa.Date()),
    ("counted_from_on", sa.Date()),
    ("lead_since", sa.Date()),
    ("former_assignment_id", sa.Text()),
    ("is_accepted_by_silence", sa.Boolean()),
    ("refusal_reason", sa.Text()),
    ("refusal_text_id", sa.Text()),
    ("competent_agency", sa.Text()),
    ("decision_due_on", sa.Date()),
    ("transfers", sa.Integer()),
    ("paused_on", sa.Date()),
    ("pause_reason", sa.Text()),
    ("paused_working_days", sa.Integer()),
    ("extension_working_days", sa.Integer()),
    ("extension_reason", sa.Text()),
    ("extended_working_days", sa.Integer()),
    ("note_text_id", sa.Text()),
    ("returns", sa.Integer()),
    ("claims", sa.Integer()),
    ("claimed_on", sa.Date()),
    ("evidence_text_id", sa.Text()),
    ("verified_on", sa.Date()),
    ("ended_on", sa.Date()),
    ("cancel_reason", sa.Text()),
    ("superseded_by", sa.Text()),
    ("ladder_working_days", sa.Integer()),
    ("listed_on", sa.Date()),
)


def upgrade() -> None:
    """Go one step forward."""
    for name, form in COLUMNS:
        op.add_column("assignment", sa.Column(name, form, nullable=True))
    op.create_index("assignment_of_conclusion", "assignment", ["conclusion_id"], unique=False)
    op.create_table(
        "assignment_leg",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("assignment_id", "place"),
    )
    op.create_table(
        "contribution",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("is_missed", sa.Boolean(), nullable=False),
        sa.Column("text_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("assignment_id", "agency", "requested_on"),
    )
    op.create_table(
        "assignment_text",
        sa.Column("text_id", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("is_answer", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("text_id", "assignment_id"),
    )
    op.create_table(
        "triage",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("opinion_id", sa.Text(), nullable=True),
        sa.Column("triaged_on", sa.Date(), nullable=False),
        sa.Column("triage_due_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index("triage_in_order", "triage", ["province", "position"], unique=True)
    op.create_table(
        "withdrawn_opinion",
        sa.Column("opinion_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("opinion_id", "round"),
    )
    _fill()


def _fill() -> None:
    """Give the rows that are there what their events say; only leads had changed nothing yet."""
    op.execute(
        "UPDATE assignment SET original_due_on = due_on, lead_since = issued_on, transfers = 0, "
        "extended_working_days = 0, paused_working_days = 0, returns = 0, claims = 0, "
        "is_accepted_by_silence = CASE WHEN accepted_on IS NULL THEN NULL ELSE false END"
    )
    op.execute(
        "INSERT INTO assignment_leg (assignment_id, place, agency, role, from_on, to_on) "
        "SELECT a.assignment_id, p.place, p.agency, "
        "CASE WHEN p.place = 0 THEN 'lead' ELSE 'cooperating' END, a.issued_on, a.released_on "
        "FROM assignment a JOIN assignment_agency p ON p.assignment_id = a.assignment_id"
    )
    op.execute(
        "INSERT INTO assignment_text (text_id, assignment_id, is_answer) "
        "SELECT text_id, assignment_id, true FROM assignment WHERE text_id IS NOT NULL"
    )
