"""Days for a year's sessions by a recurrence rule, days off respected. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.rrule import rrulestr

from shared.calendar import DayKind
from shared.kernel.errors import BadInput
from shared.provinces import Province

_MONTH = "(0?[1-9]|1[0-2])"
_RULE = re.compile(
    r"FREQ=(YEARLY|MONTHLY|WEEKLY)"
    rf"(;(INTERVAL=[1-9]\d?|COUNT=[1-9]\d{{0,2}}|BYMONTH={_MONTH}(,{_MONTH})*|BYMONTHDAY=[-\d,]+"
    r"|BYDAY=[-+\dA-Z,]+|BYSETPOS=[-\d,]+|BYWEEKNO=[-\d,]+))*"
)
"""What days are said by, and nothing finer: a rule of seconds could be asked to run for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A day for a session."""

    held_on: date
    by_rule_on: date
    """The day that the rule names."""
    moved_because: DayKind | None
    """What kind of day off that is, where `held_on` is the next working day."""


def proposals(province: Province, unit: str, year: int, rule: str) -> Sequence[Proposal]:
    """Return days in `year` for sessions of `unit` by `rule` (RFC 5545), in order.

    A day off moves to the next working day; days that fall together, or out of the year,
    are proposed once or not at all.

    Raises:
        BadInput: `session.rrule_malformed`.
        Refused: `province.unknown_unit` when the unit isn't there on one of the days.

    """
    found: dict[date, Proposal] = {}
    for named_on in _days(rule, year):
        held_on = province.calendar.first_working_day(named_on)
        if held_on.year != year or held_on in found:
            continue
        province.unit(unit, held_on)
        kind = province.calendar.kind(named_on)
        found[held_on] = Proposal(
            held_on=held_on,
            by_rule_on=named_on,
            moved_because=None if held_on == named_on else kind,
        )
    return list(found.values())


def _days(rule: str, year: int) -> list[date]:
    if _RULE.fullmatch(rule) is None:
        raise BadInput("session.rrule_malformed")
    # Naive on purpose: civil days, which no zone moves.
    first, last = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001
    try:
        parsed = rrulestr(rule, dtstart=first)
        days = parsed.between(first, last, inc=True)
    except ValueError as error:
        raise BadInput("session.rrule_malformed") from error
    return [day.date() for day in days]
