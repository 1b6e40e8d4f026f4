"""The tables of a service's logs, and the triggers that make them append-only.

They belong to the MetaData of the service; migrations create the same (tested).
"""

from dataclasses import dataclass

import sqlalchemy as sa

REFUSE_CHANGE_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = '42501'; END $$""",
    """CREATE TRIGGER entry_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
REFUSE_CHANGE_SQLITE = tuple(
    f"CREATE TRIGGER entry_is_final_{verb.lower()} BEFORE {verb} ON entry "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
"""SQLite has no TRUNCATE, and an unqualified DELETE fires the trigger too."""

ANALYZE_OFTEN = (
    "ALTER TABLE entry SET (autovacuum_analyze_scale_factor = 0.02, "
    "autovacuum_analyze_threshold = 500)"
)
"""Without statistics a young table's look-ups scan it whole: 30 times slower appends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTables:
    """The counter row of each log, the entries of all, and what proves them."""

    log: sa.Table
    entry: sa.Table
    tile: sa.Table
    """The tree of each log up to its newest checkpoint: a row per tile, as wide as it is.

    The last row of a level grows at its end; a full one never changes.
    """
    checkpoint: sa.Table
    """Every checkpoint that was signed, with its signatures."""
    log_key: sa.Table
    """The keys of each log, and the checkpoints that they signed."""
    key_handover: sa.Table
    """What keys said of those that follow them, signed."""
    signing_refusal: sa.Table
    """Logs that are signed no more, because they aren't what was signed before."""


def log_tables(metadata: sa.MetaData) -> LogTables:
    """Add the tables to `metadata` and return them."""
    log = sa.Table(
        "log",
        metadata,
        sa.Column("log_no", sa.Integer, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False, unique=True),
        sa.Column("state", sa.Text, nullable=False, server_default="active"),
        sa.Column("next_position", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_time", sa.Text, nullable=False, server_default=""),
        sa.Column("successor", sa.Text),  # once there, the log is closed to commands
        sa.CheckConstraint("state IN ('active', 'frozen')", name="log_state_known"),
        postgresql_with={"fillfactor": 10},  # a hot row: leave room to update in place
    )
    entry = sa.Table(
        "entry",
        metadata,
        sa.Column("log_no", sa.Integer, sa.ForeignKey("log.log_no"), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("time", sa.Text, nullable=False),
        sa.Column("entry", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("log_no", "stream", "version", name="entry_stream_version"),
        sa.UniqueConstraint("log_no", "id", name="entry_id"),
        sa.CheckConstraint("length(entry) BETWEEN 1 AND 65535", name="entry_bounded"),
        sa.CheckConstraint("length(leaf) = 32", name="entry_leaf_length"),
    )
    for statement in (*REFUSE_CHANGE_POSTGRESQL, ANALYZE_OFTEN):
        _after_create(entry, statement, "postgresql")
    for statement in REFUSE_CHANGE_SQLITE:
        _after_create(entry, statement, "sqlite")
    return LogTables(
        log=log,
        entry=entry,
        tile=_tile(metadata),
        checkpoint=_checkpoint(metadata),
        log_key=_log_key(metadata),
        key_handover=_key_handover(metadata),
        signing_refusal=_signing_refusal(metadata),
    )


def _log_no() -> sa.Column[int]:
    return sa.Column("log_no", sa.Integer, sa.ForeignKey("log.log_no"), primary_key=True)


def _tile(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "tile",
        metadata,
        _log_no(),
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tile_index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(
            "length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0", name="tile_of_hashes"
        ),
    )


def _checkpoint(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "checkpoint",
        metadata,
        _log_no(),
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
    )


def _log_key(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "log_key",
        metadata,
        _log_no(),
        sa.Column("verifier_key", sa.Text, primary_key=True),
        sa.Column("first_size", sa.BigInteger, nullable=False),
        sa.Column("last_size", sa.BigInteger, nullable=False),
    )


def _key_handover(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "key_handover",
        metadata,
        _log_no(),
        sa.Column("old_key", sa.Text, primary_key=True),
        sa.Column("new_key", sa.Text, primary_key=True),
        sa.Column("note", sa.LargeBinary, nullable=False),
    )


def _signing_refusal(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "signing_refusal",
        metadata,
        _log_no(),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("signed_note", sa.LargeBinary, nullable=False),
        sa.Column("refused_at", sa.Text, nullable=False),
    )


def _after_create(table: sa.Table, statement: str, dialect: str) -> None:
    ddl = sa.DDL(statement)  # type: ignore[no-untyped-call]
    sa.event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
