"""Every table of Sessions' database. Migrations create the same (tested)."""

import sqlalchemy as sa

from shared.adoption import reference_tables
from shared.eventlog import log_tables
from shared.projections import follow_tables
from shared.requests import request_tables
from shared.vault import vault_tables

METADATA = sa.MetaData()
LOG = log_tables(METADATA)
VAULT = vault_tables(METADATA)
FOLLOW = follow_tables(METADATA)
REQUESTS = request_tables(METADATA)
REFERENCES = reference_tables(METADATA)

session = sa.Table(
    "session",
    METADATA,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("session_kind", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("field", sa.Text),
    sa.Column("planned_year", sa.Integer, nullable=False),
    sa.Column("trigger", sa.Text),
    # Where it stands in the calendar: its day, or the last one of its year until that is fixed.
    sa.Column("calendar_on", sa.Date, nullable=False),
    sa.Column("held_on", sa.Date),
    sa.Column("chair", sa.Text),
    sa.Column("head_present", sa.Boolean),
    sa.Column("attendances", sa.Integer),  # NULL: not stated
    sa.Column("speaking_turns", sa.Integer),  # NULL: not stated
    sa.Column("opinions_on_agenda", sa.Integer, nullable=False),
    sa.Column("opinions_raised", sa.Integer, nullable=False),
    sa.Column("opinions_answered_on_spot", sa.Integer, nullable=False),
    sa.Column("opinions_covered", sa.Integer, nullable=False),
    sa.Column("conclusion_id", sa.Text),
    sa.Column("starts_at", sa.Text),  # civil time, as in 08:30
    sa.Column("venue", sa.Text),
    sa.Column("required_agencies", sa.Text),  # keys, separated by spaces
    sa.Column("is_delegated", sa.Boolean),
    sa.Column("convened_on", sa.Date),
    sa.Column("change_reason", sa.Text),  # of the last move, postponement, cancellation
    sa.Column("topics_on_agenda", sa.Integer),
    sa.Column("topics_omitted", sa.Integer),
    sa.Column("conclusion_due_on", sa.Date),
    sa.Column("published_on", sa.Date),
    sa.Column("publication_due_on", sa.Date),
    sa.Column("completed_on", sa.Date),
    # How often the invitation has changed: SEQUENCE of iCalendar.
    sa.Column("sequence", sa.Integer, nullable=False, server_default="0"),
    sa.Index("session_calendar", "province", "calendar_on", "session_id"),
    sa.Index("session_calendar_of_unit", "province", "unit", "calendar_on", "session_id"),
)
"""Inline read model: what each session is now."""

attendance = sa.Table(
    "attendance",
    METADATA,
    sa.Column("session_id", sa.Text, sa.ForeignKey(session.c.session_id), primary_key=True),
    sa.Column("group", sa.Text, primary_key=True),
    sa.Column("attendances", sa.Integer, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
)
"""The latest statement of each group."""

session_opinion = sa.Table(
    "session_opinion",
    METADATA,
    sa.Column("session_id", sa.Text, sa.ForeignKey(session.c.session_id), primary_key=True),
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),  # agenda, room
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("disposition", sa.Text, nullable=False),  # none, answered_on_spot, covered, removed
    sa.Column("outcome", sa.Text),
    sa.Column("commitment_id", sa.Text),
)
"""The opinions of each session, each with what became of it there."""

conclusion = sa.Table(
    "conclusion",
    METADATA,
    sa.Column("conclusion_id", sa.Text, primary_key=True),
    sa.Column(
        "session_id", sa.Text, sa.ForeignKey(session.c.session_id), nullable=False, unique=True
    ),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number_key", sa.Text, nullable=False),  # as compared: without case
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("signer", sa.Text, nullable=False),
    sa.UniqueConstraint("province", "unit", "year", "number_key", name="conclusion_number"),
)
"""Conclusion notices. The constraint backs the check that is made under the log's lock."""

commitment = sa.Table(
    "commitment",
    METADATA,
    sa.Column("commitment_id", sa.Text, primary_key=True),
    sa.Column("conclusion_id", sa.Text, sa.ForeignKey("conclusion.conclusion_id"), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # 1-based, in the notice
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("lead_agency", sa.Text, nullable=False),
    sa.Column("cooperating_agencies", sa.Text, nullable=False),  # keys, separated by spaces
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("text_id", sa.Text, nullable=False),
    sa.Column("supersedes", sa.Text),
    sa.Column("progress", sa.Text),  # NULL: nothing heard yet
    sa.Column("progressed_on", sa.Date),
    sa.Column("days_late", sa.Integer),
    sa.UniqueConstraint("conclusion_id", "place", name="commitment_place"),
)
"""The commitments that hold now; what an amendment superseded is in the log."""

amendment = sa.Table(
    "amendment",
    METADATA,
    sa.Column(
        "conclusion_id", sa.Text, sa.ForeignKey("conclusion.conclusion_id"), primary_key=True
    ),
    sa.Column("amendment", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number_key", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("signer", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.UniqueConstraint("province", "unit", "year", "number_key", name="amendment_number"),
)
"""Amending notices."""

minutes = sa.Table(
    "minutes",
    METADATA,
    sa.Column("session_id", sa.Text, sa.ForeignKey(session.c.session_id), primary_key=True),
    sa.Column("correction", sa.Integer, primary_key=True, autoincrement=False),  # 0: as approved
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("text_id", sa.Text, nullable=False),
)
"""Approved minutes, and each correction of them."""

session_topic = sa.Table(
    "session_topic",
    METADATA,
    sa.Column("session_id", sa.Text, sa.ForeignKey(session.c.session_id), primary_key=True),
    sa.Column("topic_id", sa.Text, primary_key=True),
    sa.Column("omitted", sa.Text),  # NULL: on the agenda
)
"""What became of hot topics, as the agenda was set last."""

stated_commitment = sa.Table(
    "stated_commitment",
    METADATA,
    sa.Column("session_id", sa.Text, sa.ForeignKey(session.c.session_id), primary_key=True),
    sa.Column("statement_id", sa.Text, primary_key=True),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("opinion_ids", sa.Text, nullable=False),  # separated by spaces
    sa.Column("lead_agency", sa.Text),
    sa.Column("due_on", sa.Date),
    sa.Column("text_id", sa.Text),
)
"""What chairs promised in the room."""

obligation = sa.Table(
    "obligation",
    METADATA,
    sa.Column("obligation_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("head", sa.Text),
    sa.Column("period_from", sa.Date, nullable=False),
    sa.Column("period_to", sa.Date, nullable=False),
    sa.Column("required", sa.Integer, nullable=False),
    sa.Column("citation", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # met, missed
    sa.Column("was_missed", sa.Boolean, nullable=False),
    sa.Column("met_on", sa.Date),
    sa.Column("session_ids", sa.Text, nullable=False),  # the evidence, separated by spaces
    sa.Index("obligation_period", "province", "period_to", "unit"),
)
"""Duties to hold periodic sessions that were met or missed."""

hot_topic = sa.Table(
    "hot_topic",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("topic_id", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("confirmed_on", sa.Date, nullable=False),
    sa.Index("hot_topic_of_unit", "province", "unit", "topic_id"),
)
"""Hot topics that Intake's people have confirmed, as heard of; no event here says so."""
