"""What the province's regulation says about assignments, in the shape that commands want."""

from datetime import date

from shared.kernel.errors import RegulationError
from shared.provinces import Province
from shared.regulations import EscalationStep, Extension

RESOLUTION_RULE = "resolution_due"
CONTRIBUTION_RULE = "contribution_due"
REFUSAL_DECISION_RULE = "refusal_decision_due"
TRIAGE_RULE = "triage_due"


def extension_rule(province: Province, on: date) -> Extension:
    """Return how often and how far a due date may be moved. Raises RegulationError."""
    value = province.regulation.rule("extension", on).value
    if isinstance(value, Extension):
        return value
    raise RegulationError("regulation.other_type", key="extension", wanted="extension")


def ladder(province: Province, on: date) -> tuple[EscalationStep, ...]:
    """Return who hears when of what is due or overdue. Raises RegulationError."""
    value = province.regulation.rule("escalation", on).value
    steps = value if isinstance(value, tuple) else ()
    found = tuple(step for step in steps if isinstance(step, EscalationStep))
    if found:
        return found
    raise RegulationError("regulation.other_type", key="escalation", wanted="escalation")


def transfers_max(province: Province, on: date) -> int:
    """Return from how many transfers on the chair alone decides. Raises RegulationError."""
    return province.regulation.rule("transfers_max", on).as_count()


def pause_reasons(province: Province, on: date) -> tuple[str, ...]:
    """Return the reasons for which a clock may stand. Raises RegulationError."""
    return province.regulation.rule("pause_reasons", on).as_codes()


def silence(province: Province, on: date) -> tuple[int, str]:
    """Return after how many working days silence is acceptance, and by which provision.

    Raises RegulationError.
    """
    rule = province.regulation.rule("accept_silence", on)
    return rule.as_limit().days, rule.citation


def day_zero(province: Province, issued_on: date, counted_from_on: date | None) -> date:
    """Return the day from which a referral's limit counts, by the calendar of now.

    `counted_from_on` is as the issue states it; a referral that waited in triage counts from
    its own day all the same. Raises RegulationError.
    """
    if counted_from_on is not None and counted_from_on < issued_on:
        return counted_from_on
    return province.due(RESOLUTION_RULE, issued_on).counted_from_on


def due_on(province: Province, key: str, on: date) -> date:
    """Return the last day, inclusive, of the limit `key` that begins on `on`."""
    return province.due(key, on).due_on
