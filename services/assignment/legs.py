"""Whose time an assignment takes: legs are added and ended, never overwritten. Pure.

While the matter is live exactly one lead leg is open, and each begins on the day on which
the one before it ended.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from shared.calendar import WorkCalendar
from shared.contracts.assignment_dimensions import Leg
from shared.contracts.vocabulary import LegRole


def begun(agency: str, cooperating: Iterable[str], on: date) -> tuple[Leg, ...]:
    """Return the legs of a matter that is issued on the day `on`."""
    lead = Leg(agency=agency, role=LegRole.LEAD, from_on=on)
    return (lead, *(_cooperating(each, on) for each in cooperating))


def lead(legs: tuple[Leg, ...]) -> Leg:
    """Return the leg of the agency that leads, or that led last."""
    return next(leg for leg in reversed(legs) if leg.role is LegRole.LEAD)


def is_cooperating(legs: tuple[Leg, ...], agency: str) -> bool:
    """Tell whether `agency` takes part beside the lead."""
    return any(_is_open(leg, LegRole.COOPERATING) and leg.agency == agency for leg in legs)


def joined(legs: tuple[Leg, ...], agency: str, on: date) -> tuple[Leg, ...]:
    """Return the legs with `agency` as a cooperating one; nothing changes if it is."""
    return legs if is_cooperating(legs, agency) else (*legs, _cooperating(agency, on))


def transferred(
    legs: tuple[Leg, ...], agency: str, on: date, held_working_days: int
) -> tuple[Leg, ...]:
    """Return the legs after the lead went to `agency`, which then no longer cooperates."""
    ended = tuple(
        replace(leg, to_on=on, working_days=held_working_days)
        if _is_open(leg, LegRole.LEAD)
        else replace(leg, to_on=on)
        if _is_open(leg, LegRole.COOPERATING) and leg.agency == agency
        else leg
        for leg in legs
    )
    return (*ended, Leg(agency=agency, role=LegRole.LEAD, from_on=on))


def ended(legs: tuple[Leg, ...], on: date, calendar: WorkCalendar) -> tuple[Leg, ...]:
    """Return the legs as they stand when the matter ends on the day `on`, with their lengths."""
    last = (leg if leg.to_on is not None else replace(leg, to_on=on) for leg in legs)
    return tuple(
        replace(leg, working_days=calendar.working_days_between(leg.from_on, leg.to_on))
        if leg.working_days is None and leg.to_on is not None
        else leg
        for leg in last
    )


def _cooperating(agency: str, on: date) -> Leg:
    return Leg(agency=agency, role=LegRole.COOPERATING, from_on=on)


def _is_open(leg: Leg, role: LegRole) -> bool:
    return leg.role is role and leg.to_on is None
