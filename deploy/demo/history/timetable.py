"""When each session is held: uneven over units and years, never on a day off or at Tết."""

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.demo.history.dice import Dice
from deploy.demo.history.place import Locality, Place, published_figures
from shared.calendar import WorkCalendar
from shared.contracts.vocabulary import Level, SessionKind

FIRST_DAYS_OF_QUARTER = 21
"""No session in them: the quarter's digest is gathered and screened then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One session's place in the calendar."""

    locality: Locality
    session_kind: SessionKind
    held_on: date


def quarter_start(day: date) -> date:
    """Return the first day of the calendar quarter that `day` lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def working_days(calendar: WorkCalendar, after: date, until: date) -> list[date]:
    """Return the working days d with `after` < d <= `until`, in order."""
    days = (after + timedelta(days=ahead) for ahead in range(1, (until - after).days + 1))
    return [day for day in days if calendar.is_working(day)]


def slots(dice: Dice, place: Place, calendar: WorkCalendar) -> tuple[Slot, ...]:
    """Return every session's slot, ordered by day, then by unit."""
    planned = _district_counts(dice, place) | _ward_counts(dice, place)
    found: list[Slot] = []
    for locality in place.localities:
        for year, _ in place.years:
            kinds = dice.shuffled(
                [
                    kind
                    for kind in (SessionKind.PERIODIC, SessionKind.AD_HOC)
                    for _ in range(planned.get((locality.unit, kind, year), 0))
                ],
                "order",
                locality.unit,
                year,
            )
            days = _open_days(place, calendar, year)
            for at, kind in enumerate(kinds):
                span = days[len(days) * at // len(kinds) : len(days) * (at + 1) // len(kinds)]
                day = dice.pick(span, "day", locality.unit, year, at)
                found.append(Slot(locality=locality, session_kind=kind, held_on=day))
    return tuple(sorted(found, key=lambda slot: (slot.held_on, slot.locality.unit)))


def _open_days(place: Place, calendar: WorkCalendar, year: int) -> list[date]:
    start, end = max(place.first_on, date(year, 1, 1)), min(place.last_on, date(year, 12, 31))
    days = (start + timedelta(days=ahead) for ahead in range((end - start).days + 1))
    return [
        day
        for day in days
        if calendar.is_working(day)
        and day.isoweekday() < 6  # noqa: PLR2004 - a made-up Saturday is no day for a meeting
        and (day - quarter_start(day)).days >= FIRST_DAYS_OF_QUARTER
        and not any(first <= day <= last for first, last in place.pauses)
    ]


Counts = dict[tuple[str, SessionKind, int], int]


def _district_counts(dice: Dice, place: Place) -> Counts:
    counts: Counts = {}
    for (level, kind), figures in published_figures().items():
        if level is Level.DISTRICT:
            weights = [weight for _, weight in place.years]
            parts = dice.spread(figures.sessions, weights, 1, "district", kind)
            for (year, _), part in zip(place.years, parts, strict=True):
                counts[place.district.unit, kind, year] = part
    return counts


def _ward_counts(dice: Dice, place: Place) -> Counts:
    """Return how many sessions each ward holds: at least one periodic every year."""
    counts: Counts = {}
    wards = [ward.sessions for ward in place.wards]
    for (level, kind), figures in published_figures().items():
        if level is not Level.COMMUNE:
            continue
        yearly = 1 if kind is SessionKind.PERIODIC else 0
        extra = figures.sessions - yearly * len(wards) * len(place.years)
        for ward, more in zip(
            place.wards, dice.spread(extra, wards, 0, "wards", kind), strict=True
        ):
            for year, _ in place.years:
                counts[ward.unit, kind, year] = yearly
            for nth in range(more):
                # The first year is half a year: no ward holds a second periodic session in it.
                years = place.years[yearly:]
                year = dice.weighted(years, "year", ward.unit, kind, nth)
                counts[ward.unit, kind, year] += 1
    return counts
