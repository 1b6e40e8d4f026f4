"""The keys that a rule may have, and what each one's value is. The whole list."""

from collections.abc import Callable, Mapping

from shared.kernel.reference import Table
from shared.regulations import values

KEYS: Mapping[str, Callable[[Table], values.Value]] = {
    # How often heads must hold a dialogue, per calendar year, by level.
    "periodic_min_per_year": values.per_level,
    # Public notice of a session: at least so many calendar days before it.
    "notice_days": values.day_count,
    # Until when an opinion can reach the agenda.
    "opinions_cutoff": values.opinions_cutoff,
    # Reasons for which an ad hoc session may be called.
    "adhoc_triggers": values.codes,
    # What a session must keep to: see `SessionFormalities`.
    "session_formalities": values.session_formalities,
    # Months in which periodic sessions are held, by level: one in each.
    "periodic_months": values.months_per_level,
    # Seats whose own duty periodic sessions are, by their names within the unit.
    "periodic_heads": values.codes,
    # How many people must be there when a session begins.
    "quorum": values.per_level,
    # The conclusion notice is issued.
    "conclusion_due": values.limit,
    # The results of a session are made public.
    "result_publication_due": values.limit,
    # Receipt of an opinion is acknowledged.
    "acknowledge_due": values.limit,
    # Screening ends: accepted or declined.
    "screening_due": values.limit,
    # The agency's answer is released.
    "resolution_due": values.limit,
    # What arrives later in the day counts from the next working day.
    "receipt_cutoff": values.hour,
    # How old a declared day of receipt may be, in calendar days.
    "backdating_max_days": values.day_count,
    # Moving a due date.
    "extension": values.extension,
    # Reasons for which a clock may be paused.
    "pause_reasons": values.codes,
    # Silence of the agency for so long is acceptance.
    "accept_silence": values.limit,
    # Who is told, and when, about what is due or overdue.
    "escalation": values.escalation,
    # Where the reporting year begins.
    "reporting_periods": values.reporting_periods,
    # The term of office that is running.
    "term": values.term,
    # Duties that two different seats must hold.
    "roles": values.codes,
}
