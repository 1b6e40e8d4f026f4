"""The time limits of Intake, as a province's regulation sets them."""

from datetime import date

from services.intake.commands_screening import Deadline
from shared.contracts.vocabulary import ReferenceKind
from shared.provinces import Province

ACKNOWLEDGE = "acknowledge_due"
SCREENING = "screening_due"
CLARIFICATION = "clarification_due"
FORWARDING = "forwarding_notice_due"
FEEDBACK = "feedback_window"
REOPEN = "reopen"
ERASURE_ANSWER = "data_request_answer_due"
ERASURE = "erasure_due"

RULES_OF_A_LIMIT = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.CALENDAR)
"""What says until when."""


def limit(province: Province, key: str, base: date) -> Deadline:
    """Return when the limit `key` ends that runs from `base`, which is day zero.

    Raises RegulationError: as `Province.due`.
    """
    found = province.due(key, base)
    return Deadline(due_on=found.due_on, citation=found.citation)


def reopenings_at_level(province: Province, on: date) -> int:
    """Return how often one level is asked again before the level above decides.

    Raises RegulationError: as `Regulation.rule`.
    """
    return province.regulation.rule(REOPEN, on).as_reopening().rounds_before_level_up
