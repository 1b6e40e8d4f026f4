"""Every table of Intake's database. Migrations create the same (tested)."""

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

opinion = sa.Table(
    "opinion",
    METADATA,
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("opinion_kind", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("voices", sa.Integer, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
    sa.Column("text_id", sa.Text),
    sa.Column("session_id", sa.Text),
    sa.Column("session_kind", sa.Text),
    sa.Column("held_on", sa.Date),
    sa.Column("agency", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("answered_on", sa.Date),
    sa.Column("days_late", sa.Integer),
    sa.Column("text_refused", sa.Text),
    sa.Column("part_of", sa.Text),
    sa.Column("head_id", sa.Text),
    sa.Column("received_level", sa.Text),
    sa.Column("competent_level", sa.Text),
    sa.Column("skips_level", sa.Boolean),
    sa.Column("urgency", sa.Text),
    sa.Column("acknowledged_on", sa.Date),
    sa.Column("handed_over_on", sa.Date),
    sa.Column("clarification_requested_on", sa.Date),
    sa.Column("clarification_due_on", sa.Date),
    sa.Column("paused_working_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("screened_on", sa.Date),
    sa.Column("decline_reason", sa.Text),
    sa.Column("redirect", sa.Text),
    sa.Column("forwarding_notified_on", sa.Date),
    sa.Column("round", sa.Integer, nullable=False, server_default="0"),
    sa.Column("commitment_id", sa.Text),
    sa.Column("reporter_notified_on", sa.Date),
    sa.Column("satisfaction", sa.Text),
    sa.Column("window_is_over", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reopen_requested_on", sa.Date),
    sa.Column("closed_on", sa.Date),
    sa.Column("withdrawn_on", sa.Date),
    sa.Column("recurs_to", sa.Text),
    sa.Column("good_practice_on", sa.Date),
    sa.Column("erasure_requested_on", sa.Date),
    sa.Column("erasure_due_on", sa.Date),
    sa.Column("erased_on", sa.Date),
    sa.Index("opinion_by_text", "text_id"),
    sa.Index("opinion_by_whole", "part_of"),
    sa.Index("opinion_by_head", "head_id"),
    sa.Index("opinion_by_answer", "province", "state", "answered_on"),
    sa.Index("opinion_by_reception", "province", "state", "received_on", "opinion_id"),
    sa.Index("opinion_by_receipt", "receipt"),
    sa.Index("opinion_queue", "province", "state", "opinion_id"),
)
"""Inline read model: what each opinion is now."""

opinion_text = sa.Table(
    "opinion_text",
    METADATA,
    sa.Column("text_id", sa.Text, primary_key=True),
    sa.Column("opinion_id", sa.Text, nullable=False),
    sa.Index("opinion_text_by_opinion", "opinion_id"),
)
"""Inline read model: questions and replies, beside the narrative itself."""

known_session = sa.Table(
    "known_session",
    METADATA,
    sa.Column("session_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("session_kind", sa.Text, nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
)
"""Sessions whose day is fixed, as Sessions told it."""

known_commitment = sa.Table(
    "known_commitment",
    METADATA,
    sa.Column("commitment_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("session_id", sa.Text, nullable=False),
    sa.Index("known_commitment_by_session", "session_id"),
)
"""Commitments that stand, as conclusions and their amendments told it."""

handling = sa.Table(
    "handling",
    METADATA,
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
)
"""Who has to act on an opinion now, as Assignment told it: they may read its text."""

early_answer = sa.Table(
    "early_answer",
    METADATA,
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)
"""Misses and answers that came before the opinion itself: two logs have no common order."""

likeness_cursor = sa.Table(
    "likeness_cursor",
    METADATA,
    sa.Column("log_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
)
"""How far each log is indexed, under which key and algorithm."""

likeness_sketch = sa.Table(
    "likeness_sketch",
    METADATA,
    sa.Column("log_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("opinion_id", sa.Text, nullable=False),
    sa.Column("text_id", sa.Text, nullable=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Index("likeness_sketch_by_text", "text_id"),
)
"""Of each narrative a sketch under a key, at the place of its reception; gone with the text."""

likeness_band = sa.Table(
    "likeness_band",
    METADATA,
    sa.Column("log_no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("band", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
)
"""Where the bands of the sketches are found, the newest of one band at its end."""

topic = sa.Table(
    "topic",
    METADATA,
    sa.Column("topic_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("name_id", sa.Text, nullable=False),
    sa.Column("proposed_on", sa.Date, nullable=False),
    sa.Column("decided_on", sa.Date),
    sa.Column("is_hot", sa.Boolean),
    sa.Index("topic_by_state", "province", "state", "topic_id"),
)
"""Inline read model: what each topic is now; its name is in the vault."""

topic_opinion = sa.Table(
    "topic_opinion",
    METADATA,
    sa.Column("topic_id", sa.Text, primary_key=True),
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("received_on", sa.Date, nullable=False),
    sa.Index("topic_opinion_by_day", "topic_id", "received_on"),
)
"""Inline read model: which opinions are about a topic, and what its heat is computed from."""

sentiment = sa.Table(
    "sentiment",
    METADATA,
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("period_from", sa.Date, nullable=False),
    sa.Column("period_to", sa.Date, nullable=False),
    sa.Column("stance", sa.Text, nullable=False),
    sa.Column("intensity", sa.Text, nullable=False),
    sa.Column("breadth", sa.Text, nullable=False),
    sa.Column("reported_on", sa.Date, nullable=False),
    sa.Column("text_id", sa.Text, nullable=False),
    sa.Column("topic_id", sa.Text),
    sa.Index("sentiment_by_topic", "topic_id"),
    sa.Index("sentiment_by_province", "province", "report_id"),
)
"""Inline read model: reports of public sentiment; the narrative is in the vault."""
