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
    # Beside the way from issue to answer; NULL is "not so, or not yet".
    sa.Column("original_due_on", sa.Date),
    sa.Column("counted_from_on", sa.Date),
    sa.Column("lead_since", sa.Date),
    sa.Column("former_assignment_id", sa.Text),
    sa.Column("is_accepted_by_silence", sa.Boolean),
    sa.Column("refusal_reason", sa.Text),
    sa.Column("refusal_text_id", sa.Text),
    sa.Column("competent_agency", sa.Text),  # as the refusal holds
    sa.Column("decision_due_on", sa.Date),
    sa.Column("transfers", sa.Integer),
    sa.Column("paused_on", sa.Date),
    sa.Column("pause_reason", sa.Text),
    sa.Column("paused_working_days", sa.Integer),
    sa.Column("extension_working_days", sa.Integer),  # asked for and not decided
    sa.Column("extension_reason", sa.Text),
    sa.Column("extended_working_days", sa.Integer),
    sa.Column("note_text_id", sa.Text),  # why an answer or a claim came back
    sa.Column("returns", sa.Integer),
    sa.Column("claims", sa.Integer),
    sa.Column("claimed_on", sa.Date),
    sa.Column("evidence_text_id", sa.Text),
    sa.Column("verified_on", sa.Date),
    sa.Column("ended_on", sa.Date),  # without an answer
    sa.Column("cancel_reason", sa.Text),
    sa.Column("superseded_by", sa.Text),
    sa.Column("ladder_working_days", sa.Integer),  # the latest step recorded
    sa.Column("listed_on", sa.Date),  # on the public list of what is overdue
    sa.Index("assignment_by_text", "text_id"),
    sa.Index("assignment_of_conclusion", "conclusion_id"),
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

assignment_leg = sa.Table(
    "assignment_leg",
    METADATA,
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("from_on", sa.Date, nullable=False),
    sa.Column("to_on", sa.Date),
    sa.Column("working_days", sa.Integer),  # of a leg that has ended
)
"""Who held the matter when: as the decider's legs."""

contribution = sa.Table(
    "contribution",
    METADATA,
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("requested_on", sa.Date, primary_key=True),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("submitted_on", sa.Date),
    sa.Column("is_missed", sa.Boolean, nullable=False),
    sa.Column("text_id", sa.Text),
)
"""What cooperating agencies were asked for, and what came."""

assignment_text = sa.Table(
    "assignment_text",
    METADATA,
    sa.Column("text_id", sa.Text, primary_key=True),
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("is_answer", sa.Boolean, nullable=False),
)
"""Which assignment a text in this service's vault belongs to."""

triage = sa.Table(
    "triage",
    METADATA,
    sa.Column("assignment_id", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("opinion_id", sa.Text),  # of a referral that nobody leads yet
    sa.Column("triaged_on", sa.Date, nullable=False),
    sa.Column("triage_due_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),  # the people's
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("candidates", sa.Text, nullable=False),  # keys of agencies, blanks between
    sa.Index("triage_in_order", "province", "position", unique=True),
)
"""What waits for a person to say who leads."""

withdrawn_opinion = sa.Table(
    "withdrawn_opinion",
    METADATA,
    sa.Column("opinion_id", sa.Text, primary_key=True),
    sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("time", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("withdrawn_on", sa.Date, nullable=False),
)
"""Withdrawals that were heard before what they end. Kept with the follower's cursor."""

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
