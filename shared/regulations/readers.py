"""How what a rule can say is written in TOML.

A reader takes the table of the rule and returns its `value`; a wrong shape is a
RegulationError `reference.*` with file and place.
"""

from dataclasses import replace
from datetime import time
from enum import StrEnum
from typing import TypeVar

from shared.contracts.vocabulary import Level, OpinionKind
from shared.kernel.periods import Period
from shared.kernel.reference import Table
from shared.regulations.values import (
    Codes,
    Escalation,
    EscalationStep,
    EscalationTarget,
    Extension,
    HotTopic,
    Limit,
    LimitBase,
    LimitCase,
    LimitUnit,
    MonthsPerLevel,
    OpinionsCutoff,
    PerLevel,
    Reopening,
    ReportingPeriods,
    SeparateDuty,
    SessionFormalities,
    Term,
)

DAYS_LIMIT = 3_660
"""No rule speaks of more than ten years of days."""

S = TypeVar("S", bound=StrEnum)
_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13))


def day_count(rule: Table) -> int:
    """Read `value = 7`: calendar days."""
    return rule.count("value", most=DAYS_LIMIT)


def hour(rule: Table) -> time:
    """Read `value = 17:00:00`: civil time."""
    return rule.hour("value")


def codes(rule: Table) -> Codes:
    """Read `value = ["voters_request", "judged_necessary"]`."""
    return _codes(rule, "value")


def count(rule: Table) -> int:
    """Read `value = 3`: a number of times, at least 1."""
    return rule.count("value", least=1, most=1_000)


def percent(rule: Table) -> int:
    """Read `value = 10`: a share in hundredths, 1 to 100."""
    return rule.count("value", least=1, most=100)


def limit(rule: Table) -> Limit:
    """Read `value = { working_days = 15, from = "receipt" }`, or `calendar_days`."""
    table = rule.table("value")
    found = _limit(rule, table)
    table.close()
    return found


def limit_by_matter(rule: Table) -> Limit:
    """Read a limit with `cases = [{ urgencies = ["urgent"], working_days = 3 }]`, or without.

    A case speaks of `kinds`, `fields` and `urgencies`, of one at least.
    """
    table = rule.table("value")
    cases = tuple(map(_case, table.tables("cases")))
    found = replace(_limit(rule, table), cases=cases)
    table.close()
    return found


def _limit(rule: Table, table: Table) -> Limit:
    days, unit = _length(rule, "value", table)
    return Limit(days=days, unit=unit, base=table.one_of("from", LimitBase))


def _length(above: Table, key: str, table: Table) -> tuple[int, LimitUnit]:
    given = [unit for unit in LimitUnit if unit in table]
    if len(given) != 1:
        raise above.wrong(key, "{ working_days | calendar_days = …, from = … }")
    return table.count(given[0], most=DAYS_LIMIT), given[0]


def _case(row: Table) -> LimitCase:
    if not any(key in row for key in ("kinds", "fields", "urgencies")):
        raise row.wrong("kinds", "kinds | fields | urgencies")
    days, unit = _length(row, "working_days", row)
    case = LimitCase(
        kinds=row.members("kinds", OpinionKind) if "kinds" in row else None,
        fields=frozenset(row.slugs("fields")) if "fields" in row else None,
        urgencies=frozenset(_codes(row, "urgencies")) if "urgencies" in row else None,
        days=days,
        unit=unit,
    )
    row.close()
    return case


def reopening(rule: Table) -> Reopening:
    """Read `value = { rounds_before_level_up = 2, calendar_days = 90, from = "answer" }`."""
    table = rule.table("value")
    found = Reopening(
        rounds_before_level_up=table.count("rounds_before_level_up", least=1, most=100),
        window=_limit(rule, table),
    )
    table.close()
    return found


def separate_duties(rule: Table) -> Codes:
    """Read `value = ["approver_is_not_author"]`."""
    return _members(rule, "value", SeparateDuty)


def per_level(rule: Table) -> PerLevel:
    """Read `value = { province = 3, commune = 2 }`: levels left out are not ruled."""
    table = rule.table("value")
    numbers = tuple((level, table.count(level, most=366)) for level in Level if level in table)
    if not numbers:
        raise rule.wrong("value", "{ province | district | commune = … }")
    table.close()
    return PerLevel(numbers=numbers)


def months_per_level(rule: Table) -> MonthsPerLevel:
    """Read `value = { province = ["04", "07", "10"] }`: months of each year."""
    table = rule.table("value")
    months = tuple(
        (level, tuple(sorted(_month(table, level, month) for month in table.texts(level))))
        for level in Level
        if level in table
    )
    if not months:
        raise rule.wrong("value", '{ province | district | commune = ["04", …] }')
    table.close()
    return MonthsPerLevel(months=months)


def session_formalities(rule: Table) -> SessionFormalities:
    """Read `value = { convened = true, minuted = true, working_day = true }`."""
    table = rule.table("value")
    found = SessionFormalities(
        convened=table.flag("convened"),
        minuted=table.flag("minuted"),
        working_day=table.flag("working_day"),
    )
    table.close()
    return found


def opinions_cutoff(rule: Table) -> OpinionsCutoff:
    """Read `value = { calendar_days_before = 3 }` or `{ day_of_month = 5 }`."""
    table = rule.table("value")
    before = "calendar_days_before" in table
    if before == ("day_of_month" in table):
        raise rule.wrong("value", "{ calendar_days_before | day_of_month = … }")
    found = OpinionsCutoff(
        calendar_days_before=table.count("calendar_days_before", most=366) if before else None,
        day_of_month=None if before else table.count("day_of_month", least=1, most=28),
    )
    table.close()
    return found


def extension(rule: Table) -> Extension:
    """Read `value = { max_times = 1, max_working_days = 10, approver = "issuer" }`."""
    table = rule.table("value")
    found = Extension(
        max_times=table.count("max_times", most=100),
        max_working_days=table.count("max_working_days", most=DAYS_LIMIT),
        approver=table.slug("approver"),
    )
    table.close()
    return found


def escalation(rule: Table) -> Escalation:
    """Read `value = [{ after_due_working_days = 1, to = ["agency_head"] }]`, in order."""
    steps: list[EscalationStep] = []
    for row in rule.tables("value"):
        after = row.count("after_due_working_days", least=-DAYS_LIMIT, most=DAYS_LIMIT)
        if steps and after <= steps[-1].after_due_working_days:
            raise row.wrong("after_due_working_days", f"> {steps[-1].after_due_working_days}")
        steps.append(
            EscalationStep(after_due_working_days=after, to=_members(row, "to", EscalationTarget))
        )
        row.close()
    if not steps:
        raise rule.wrong("value", "[{ after_due_working_days = …, to = […] }]")
    return tuple(steps)


def hot_topic(rule: Table) -> HotTopic:
    """Read `value = { window_days = …, baseline_days = …, ratio_permille = …, … }`."""
    table = rule.table("value")
    found = HotTopic(
        window_days=table.count("window_days", least=1, most=366),
        baseline_days=table.count("baseline_days", least=1, most=DAYS_LIMIT),
        ratio_permille=table.count("ratio_permille", least=1),
        organisations_min=table.count("organisations_min", least=1, most=1_000),
    )
    table.close()
    return found


def reporting_periods(rule: Table) -> ReportingPeriods:
    """Read `value = { start_month = 12, start_day = 15 }`."""
    table = rule.table("value")
    found = ReportingPeriods(
        start_month=table.count("start_month", least=1, most=12),
        start_day=table.count("start_day", least=1, most=28),
    )
    table.close()
    return found


def term(rule: Table) -> Term:
    """Read `value = { name = "2020-2025", valid_from = …, valid_to = … }`."""
    table = rule.table("value")
    period: Period = table.period()
    if period.valid_to is None:
        raise table.wrong("valid_to", "yyyy-mm-dd")
    found = Term(name=table.text("name"), starts_on=period.valid_from, ends_on=period.valid_to)
    table.close()
    return found


def _month(table: Table, key: str, month: str) -> int:
    if month not in _MONTHS:
        raise table.wrong(key, '["01", … "12"]')
    return int(month)


def _members(table: Table, key: str, vocabulary: type[S]) -> tuple[S, ...]:
    named = table.members(key, vocabulary)
    return tuple(member for member in vocabulary if member in named)


def _codes(table: Table, key: str) -> Codes:
    found = table.texts(key)
    if not all(code.isascii() and code.replace("_", "").isalnum() for code in found):
        raise table.wrong(key, "[a_code, …]")
    return found
