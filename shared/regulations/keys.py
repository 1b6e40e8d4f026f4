"""The keys that a rule may have, and what each one's value is. The whole list."""

from collections.abc import Callable, Mapping

from shared.kernel.reference import Table
from shared.regulations import readers
from shared.regulations.values import Value

KEYS: Mapping[str, Callable[[Table], Value]] = {
    # How often heads must hold a dialogue, per calendar year, by level.
    "periodic_min_per_year": readers.per_level,
    # Public notice of a session: at least so many calendar days before it.
    "notice_days": readers.day_count,
    # Until when an opinion can reach the agenda.
    "opinions_cutoff": readers.opinions_cutoff,
    # Reasons for which an ad hoc session may be called.
    "adhoc_triggers": readers.codes,
    # The groups that attendances are stated by.
    "attendance_groups": readers.codes,
    # What a session must keep to: see `SessionFormalities`.
    "session_formalities": readers.session_formalities,
    # Months in which periodic sessions are held, by level: one in each.
    "periodic_months": readers.months_per_level,
    # Seats whose own duty periodic sessions are, by their names within the unit.
    "periodic_heads": readers.codes,
    # How many people must be there when a session begins.
    "quorum": readers.per_level,
    # Voters who can demand a session, as a share of the unit's in hundredths.
    "voters_request_percent": readers.percent,
    # The conclusion notice is issued.
    "conclusion_due": readers.limit,
    # The results of a session are made public.
    "result_publication_due": readers.limit,
    # Receipt of an opinion is acknowledged.
    "acknowledge_due": readers.limit,
    # A handover between organisations is acknowledged.
    "handover_acknowledge_due": readers.limit,
    # Screening ends: accepted or declined.
    "screening_due": readers.limit,
    # What was asked of the reporter is provided; after that the opinion lapses.
    "clarification_due": readers.limit,
    # The citizen's side is told that the matter was forwarded elsewhere.
    "forwarding_notice_due": readers.limit,
    # A matter that no rule of routing decides is given to an agency by a person.
    "triage_due": readers.limit,
    # The agency's answer is released: by kind, field and urgency of the matter.
    "resolution_due": readers.limit_by_matter,
    # What arrives later in the day counts from the next working day.
    "receipt_cutoff": readers.hour,
    # How old a declared day of receipt may be, in calendar days.
    "backdating_max_days": readers.day_count,
    # Moving a due date.
    "extension": readers.extension,
    # Reasons for which a clock may be paused.
    "pause_reasons": readers.codes,
    # Silence of the agency for so long is acceptance.
    "accept_silence": readers.limit,
    # An agency's refusal is upheld or overruled.
    "refusal_decision_due": readers.limit,
    # After so many transfers of the lead it is the chair who decides.
    "transfers_max": readers.count,
    # A cooperating agency contributes.
    "contribution_due": readers.limit,
    # Until when the reporter can say what the answer is worth.
    "feedback_window": readers.limit,
    # Until when, and how often, an answered matter is opened again.
    "reopen": readers.reopening,
    # Who is told, and when, about what is due or overdue.
    "escalation": readers.escalation,
    # When a topic is hot.
    "hot_topic": readers.hot_topic,
    # Where the reporting year begins.
    "reporting_periods": readers.reporting_periods,
    # The term of office that is running.
    "term": readers.term,
    # Duties that two different seats must hold.
    "roles": readers.separate_duties,
    # A person is answered who asks for access to their data, or for erasing them.
    "data_request_answer_due": readers.limit,
    # What a person asked to be erased is erased.
    "erasure_due": readers.limit,
}

LOCAL_KEYS = frozenset({"term", "periodic_months", "periodic_heads", "quorum"})
"""Keys that have no national value: where no province rules them, nothing is ruled."""
