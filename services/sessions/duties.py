"""Who must hold how many periodic sessions in which days, by the regulation. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Level
from shared.kernel.ids import derived_id
from shared.provinces import Province


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A number of periodic sessions that a unit, or one of its heads, owes in a period."""

    obligation_id: str
    unit: str
    level: Level
    period_from: date
    period_to: date
    """Both inclusive."""
    required: int
    citation: str
    head: str | None
    """A seat; None where the regulation names none: then it is the unit's."""


def duties(province: Province, year: int) -> Iterator[Duty]:
    """Yield the duties whose periods end in `year`: unit by unit, period by period.

    A period is a month that `periodic_months` names, or else the calendar year of
    `periodic_min_per_year`. The rule is the one in force on the last day of the period. Who
    was not there for the whole of it owes nothing.
    """
    for key in sorted({unit.key for unit in province.territory.units}):
        for first_on, last_on, required, citation, level in _periods(province, key, year):
            for head in _heads(province, key, last_on):
                yield Duty(
                    obligation_id=derived_id(
                        "obligation", province.slug, key, head or "", f"{first_on}/{last_on}"
                    ),
                    unit=key,
                    level=level,
                    period_from=first_on,
                    period_to=last_on,
                    required=required,
                    citation=citation,
                    head=head,
                )


def _periods(
    province: Province, key: str, year: int
) -> Iterator[tuple[date, date, int, str, Level]]:
    last_of_year = date(year, 12, 31)
    unit = province.territory.on(key, last_of_year)
    by_month = province.regulation.stated("periodic_months", last_of_year)
    months = by_month.as_months().of(unit.level) if unit and by_month else ()
    if by_month is not None and months:
        spans = [
            (date(year, month, 1), date(year, month, monthrange(year, month)[1]), 1)
            for month in months
        ]
        citation = by_month.citation
    else:
        rule = province.regulation.rule("periodic_min_per_year", last_of_year)
        required = rule.as_per_level().of(unit.level) if unit else None
        spans = [(date(year, 1, 1), last_of_year, required)] if required else []
        citation = rule.citation
    for first_on, last_on, required in spans:
        first, last = province.territory.on(key, first_on), province.territory.on(key, last_on)
        if first is not None and last is not None and first.level == last.level:
            yield first_on, last_on, required, citation, last.level


def _heads(province: Province, key: str, on: date) -> tuple[str | None, ...]:
    rule = province.regulation.stated("periodic_heads", on)
    if rule is None:
        return (None,)
    return tuple(f"{key}/{head.replace('_', '-')}" for head in rule.as_codes())
