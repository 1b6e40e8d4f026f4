"""Every table of Assignment's database. Migrations create the same (tested)."""

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

assignment = sa.Table(
    "assignment",
    METADATA,
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),  # the lead
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),  # of AssignmentIssued in the log
    sa.Column("source_kind", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("opinions", sa.Integer, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("deadline_citation", sa.Text, nullable=False),
    sa.Column("deadline_working_days", sa.Integer),
    sa.Column("routing_citation", sa.Text),
    sa.Column("session_id", sa.Text),
    sa.Column("session_kind", sa.Text),
    sa.Column("held_on", sa.Date),
    sa.Column("conclusion_id", sa.Text),
    sa.Column("commitment_id", sa.Text),
    sa.Column("product_text_id", sa.Text),
    sa.Column("product_owner", sa.Text),
    sa.Column("missed", sa.Boolean, nullable=False),
    sa.Column("accepted_on", sa.Date),
    sa.Column("submitted_on", sa.Date),
    sa.Column("released_on", sa.Date),
    sa.Column("outcome", sa.Text),
    sa.Column("text_id", sa.Text),  # of the answer, in this service's vault
    sa.Column("days_late", sa.Integer),
    sa.Column("working_days_late", sa.Integer),
    sa.Index("assignment_by_text", "text_id"),
    sa.Index("assignment_in_order", "province", "position", unique=True),
    sa.Index("assignment_of_agency", "province", "agency", "position"),
    sa.Index("assignment_due", "province", "missed", "due_on"),
)
"""Inline read model: what each assignment is now."""

assignment_agency = sa.Table(
    "assignment_agency",
    METADATA,
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),  # 0 leads, 1… cooperate
)
"""Who takes part in an assignment, and so may see it."""

opinion_lead = sa.Table(
    "opinion_lead",
    METADATA,
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True),
    sa.Column("assignment_id", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # among the assignment's opinions
    sa.Index("opinion_lead_of_assignment", "assignment_id"),
)
"""One lead assignment for each opinion and round: the key makes a second impossible."""

feed = sa.Table(
    "feed",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("next_seq", sa.BigInteger, nullable=False),
)
"""The number that the next entry of each agency's feed gets; the first is 1."""

feed_entry = sa.Table(
    "feed_entry",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("feed_seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
)
"""Which entry of the log stands where in which agency's feed."""

feed_subscription = sa.Table(
    "feed_subscription",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("registered_at", sa.Text, nullable=False),
    sa.Column("published_seq", sa.BigInteger, nullable=False),
    sa.Column("held_code", sa.Text),  # NULL while messages flow
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", sa.Float),
)
"""Agencies that want their feed over the broker, and how far each has got it."""

feed_webhook = sa.Table(
    "feed_webhook",
    METADATA,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("registration_id", sa.Text, nullable=False),  # another one with each change
    sa.Column("registered_at", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),  # in the vault; never the key itself
    sa.Column("former_key_id", sa.Text),  # signs as well, until former_until
    sa.Column("former_until", sa.Float),
    sa.Column("delivered_seq", sa.BigInteger, nullable=False),
    sa.Column("paused_code", sa.Text),  # NULL unless it waits for an operator
    sa.Column("held_code", sa.Text),  # NULL while deliveries succeed
    sa.Column("held_status", sa.Integer),  # what the receiver answered, if it did
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("retry_at", sa.Float),
    sa.Column("tried_at", sa.Float, nullable=False),
)
"""Agencies that are sent their feed over HTTP, and how far each has got it."""
