"""The first form of the database of reporting."""

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
        "figure_edition",
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("statistic", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition_no"),
        sa.UniqueConstraint("sha256"),
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
        "journal_log",
        sa.Column("origin_no", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_time", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("origin_no"),
        sa.UniqueConstraint("origin"),
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
        "published_report",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("statistic", sa.Text(), nullable=False),
        sa.Column("statistic_sha256", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("logs", sa.Text(), nullable=False),
        sa.Column("report_sha256", sa.Text(), nullable=False),
        sa.Column("published_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index(
        "published_report_by_province", "published_report", ["province", "report_id"], unique=False
    )
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
        "figure_cell",
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition_no"], ["figure_edition.edition_no"]),
        sa.PrimaryKeyConstraint("edition_no", "province", "day", "cell", "measure"),
    )
    op.create_table(
        "figure_upto",
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition_no"], ["figure_edition.edition_no"]),
        sa.PrimaryKeyConstraint("edition_no", "origin"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("origin_no", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(entry) BETWEEN 1 AND 65535", name="journal_entry_bounded"),
        sa.CheckConstraint("length(leaf) = 32", name="journal_entry_leaf_length"),
        sa.ForeignKeyConstraint(["origin_no"], ["journal_log.origin_no"]),
        sa.PrimaryKeyConstraint("origin_no", "position"),
        sa.UniqueConstraint("origin_no", "event_id", name="journal_entry_event_id"),
    )
    op.create_index(
        "journal_entry_by_type", "journal_entry", ["origin_no", "type", "position"], unique=False
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
        for table in ("entry", "journal_entry"):
            op.execute(
                f"""CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""
            )
        op.execute(
            "ALTER TABLE entry SET (autovacuum_analyze_scale_factor = 0.02, "
            "autovacuum_analyze_threshold = 500)"
        )
    else:
        for table in ("entry", "journal_entry"):
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_is_final_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
                )
