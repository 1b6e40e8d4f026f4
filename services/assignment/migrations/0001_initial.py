"""The first form of the database of assignment."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "answered_request",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("command_id"),
    )
    op.create_table(
        "assignment",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("opinions", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("deadline_citation", sa.Text(), nullable=False),
        sa.Column("deadline_working_days", sa.Integer(), nullable=True),
        sa.Column("routing_citation", sa.Text(), nullable=True),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("session_kind", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("conclusion_id", sa.Text(), nullable=True),
        sa.Column("commitment_id", sa.Text(), nullable=True),
        sa.Column("product_text_id", sa.Text(), nullable=True),
        sa.Column("product_owner", sa.Text(), nullable=True),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("text_id", sa.Text(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("working_days_late", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index("assignment_by_text", "assignment", ["text_id"], unique=False)
    op.create_index("assignment_due", "assignment", ["province", "missed", "due_on"], unique=False)
    op.create_index("assignment_in_order", "assignment", ["province", "position"], unique=True)
    op.create_index(
        "assignment_of_agency", "assignment", ["province", "agency", "position"], unique=False
    )
    op.create_table(
        "assignment_agency",
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", "agency"),
    )
    op.create_table(
        "feed",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("province", "agency"),
    )
    op.create_table(
        "feed_entry",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("feed_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("province", "agency", "feed_seq"),
    )
    op.create_table(
        "feed_subscription",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.Text(), nullable=False),
        sa.Column("published_seq", sa.BigInteger(), nullable=False),
        sa.Column("held_code", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("province", "agency"),
    )
    op.create_table(
        "follower_cursor",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "origin"),
    )
    op.create_table(
        "follower_halt",
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.Float(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "origin"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "log",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("next_position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_time", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('active', 'frozen')", name="log_state_known"),
        sa.PrimaryKeyConstraint("log_no"),
        sa.UniqueConstraint("origin"),
        postgresql_with={"fillfactor": 10},
    )
    op.create_table(
        "opinion_lead",
        sa.Column("opinion_id", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("opinion_id", "round"),
    )
    op.create_index("opinion_lead_of_assignment", "opinion_lead", ["assignment_id"], unique=False)
    op.create_table(
        "vault_access",
        sa.Column("access_id", sa.String(length=36), nullable=False),
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("reader", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("access_id"),
    )
    op.create_index("ix_vault_access_text_id", "vault_access", ["text_id", "at"], unique=False)
    op.create_table(
        "vault_key",
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("wrapping_key_id", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_id"),
    )
    op.create_index(
        "ix_vault_key_wrapping_key_id", "vault_key", ["wrapping_key_id", "text_id"], unique=False
    )
    op.create_table(
        "vault_text",
        sa.Column("text_id", sa.String(length=120), nullable=False),
        sa.Column("province", sa.String(length=120), nullable=False),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stored_at", sa.String(length=27), nullable=False),
        sa.Column("erased_at", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("text_id"),
    )
    op.create_table(
        "entry",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(entry) BETWEEN 1 AND 65535", name="entry_bounded"),
        sa.CheckConstraint("length(leaf) = 32", name="entry_leaf_length"),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no", "position"),
        sa.UniqueConstraint("log_no", "id", name="entry_id"),
        sa.UniqueConstraint("log_no", "stream", "version", name="entry_stream_version"),
    )
    op.create_table(
        "relay_cursor",
        sa.Column("log_no", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["log_no"], ["log.log_no"]),
        sa.PrimaryKeyConstraint("log_no"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501'; END $$"""
        )
        for table in ("entry",):
            op.execute(
                f"""CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
            )
        op.execute(
            "ALTER TABLE entry SET (autovacuum_analyze_scale_factor = 0.02, "
            "autovacuum_analyze_threshold = 500)"
        )
    else:
        for table in ("entry",):
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_is_final_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
                )
