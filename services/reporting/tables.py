"""Every table of Reporting's database. Migrations create the same (tested)."""

import sqlalchemy as sa

from shared.adoption import reference_tables
from shared.eventlog import log_tables
from shared.eventlog.tables import REFUSE_CHANGE_POSTGRESQL
from shared.projections import follow_tables
from shared.requests import request_tables
from shared.vault import vault_tables

METADATA = sa.MetaData()
LOG = log_tables(METADATA)
VAULT = vault_tables(METADATA)
FOLLOW = follow_tables(METADATA)
REQUESTS = request_tables(METADATA)
REFERENCES = reference_tables(METADATA)

journal_log = sa.Table(
    "journal_log",
    METADATA,
    sa.Column("origin_no", sa.Integer, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False, unique=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("last_time", sa.Text, nullable=False, server_default=""),
)
"""The logs that are copied, and how much of each."""

journal_entry = sa.Table(
    "journal_entry",
    METADATA,
    sa.Column("origin_no", sa.Integer, sa.ForeignKey("journal_log.origin_no"), primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    sa.Column("entry", sa.LargeBinary, nullable=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("origin_no", "event_id", name="journal_entry_event_id"),
    sa.CheckConstraint("length(entry) BETWEEN 1 AND 65535", name="journal_entry_bounded"),
    sa.CheckConstraint("length(leaf) = 32", name="journal_entry_leaf_length"),
    sa.Index("journal_entry_by_type", "origin_no", "type", "position"),
)
"""The owners' own bytes, each at its owner's position; the other columns index them."""

JOURNAL_IS_FINAL_POSTGRESQL = (
    REFUSE_CHANGE_POSTGRESQL[0],  # the function: this table may be made before the log's
    """CREATE TRIGGER journal_entry_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)
JOURNAL_IS_FINAL_SQLITE = tuple(
    f"CREATE TRIGGER journal_entry_is_final_{verb.lower()} BEFORE {verb} ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
    for verb in ("UPDATE", "DELETE")
)
for _dialect, _statements in (
    ("postgresql", JOURNAL_IS_FINAL_POSTGRESQL),
    ("sqlite", JOURNAL_IS_FINAL_SQLITE),
):
    for _statement in _statements:
        _ddl = sa.DDL(_statement)  # type: ignore[no-untyped-call]
        sa.event.listen(journal_entry, "after_create", _ddl.execute_if(dialect=_dialect))

mirror = sa.Table(
    "mirror",
    METADATA,
    sa.Column("origin_no", sa.Integer, sa.ForeignKey("journal_log.origin_no"), primary_key=True),
    sa.Column("waiting", sa.LargeBinary),
    sa.Column("waiting_keys", sa.Text),  # a line for each key that the owner states
    sa.Column("waiting_after", sa.BigInteger),
    sa.Column("tree", sa.LargeBinary),
    sa.Column("cosigned", sa.LargeBinary),
    sa.Column("cosigned_size", sa.BigInteger),
    sa.Column("cosigned_by", sa.Text),
    sa.Column("cosigned_at", sa.Text),
    sa.Column("waiting_handovers", sa.LargeBinary),  # as the owner serves them
)
"""What we hold of the checkpoints of each log: the owner's one that waits to be judged, asked
for when `waiting_after` entries were cosigned; the last that was cosigned, and its tree."""

cosigned_note = sa.Table(
    "cosigned_note",
    METADATA,
    sa.Column("origin_no", sa.Integer, sa.ForeignKey("journal_log.origin_no"), primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("note", sa.LargeBinary, nullable=False),
)
"""Every checkpoint that was cosigned, with the signatures of its log and ours."""

dispute = sa.Table(
    "dispute",
    METADATA,
    sa.Column("origin_no", sa.Integer, sa.ForeignKey("journal_log.origin_no"), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger),
    sa.Column("known_note", sa.LargeBinary, nullable=False),
    sa.Column("other_note", sa.LargeBinary, nullable=False),
    sa.Column("found_at", sa.Text, nullable=False),
)
"""Logs that are cosigned no more, with both notes; the first entry that differs, where known."""

figure_edition = sa.Table(
    "figure_edition",
    METADATA,
    sa.Column("edition_no", sa.Integer, primary_key=True),
    sa.Column("statistic", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
)
"""One edition of live figures per SQL file ever used: a changed file counts from zero."""

figure_upto = sa.Table(
    "figure_upto",
    METADATA,
    sa.Column(
        "edition_no", sa.Integer, sa.ForeignKey("figure_edition.edition_no"), primary_key=True
    ),
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
)
"""How much of each log the live figures hold: the entries at positions below `size`."""

figure_cell = sa.Table(
    "figure_cell",
    METADATA,
    sa.Column(
        "edition_no", sa.Integer, sa.ForeignKey("figure_edition.edition_no"), primary_key=True
    ),
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("cell", sa.Text, primary_key=True),  # canonical JSON list, as the file's `cells`
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("amount", sa.BigInteger, nullable=False),
)
"""The live figures. A cell that sums to zero may be here or not: it means the same."""

published_report = sa.Table(
    "published_report",
    METADATA,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("statistic", sa.Text, nullable=False),
    sa.Column("statistic_sha256", sa.Text, nullable=False),
    sa.Column("period_from", sa.Date, nullable=False),
    sa.Column("period_to", sa.Date, nullable=False),
    sa.Column("by", sa.Text, nullable=False),  # JSON list
    sa.Column("logs", sa.Text, nullable=False),  # JSON list of origin and size
    sa.Column("report_sha256", sa.Text, nullable=False),
    sa.Column("published_at", sa.Text, nullable=False),
    sa.Index("published_report_by_province", "province", "report_id"),
)
"""Inline read model of Reporting's own log."""
