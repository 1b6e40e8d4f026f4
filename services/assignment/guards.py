"""What has to hold before a step is taken, whichever step it is. Pure."""

from datetime import date
from typing import TypeVar

from services.assignment.states import Live, Matter, State, Unissued, state_name
from shared.kernel.errors import Forbidden, Refused

S = TypeVar("S")


def in_state(state: State, wanted: type[S]) -> S:
    """Return `state`, which is the one that is wanted.

    Raises:
        Refused: `assignment.not_issued`, `assignment.not_now`.

    """
    if isinstance(state, wanted):
        return state
    raise _wrong(state)


def matter_in(state: State, *wanted: type[Live]) -> Matter:
    """Return the matter of `state`, which is one of `wanted`. Raises as `in_state`."""
    for each in wanted:
        if isinstance(state, each):
            return state.matter
    raise _wrong(state)


def _wrong(state: State) -> Refused:
    if isinstance(state, Unissued):
        return Refused("assignment.not_issued")
    return Refused("assignment.not_now", state=state_name(state))


def check_lead(agency: str, matter: Matter) -> None:
    """Refuse whoever does not lead. Raises Forbidden `assignment.other_agency`."""
    if agency != matter.agency:
        raise Forbidden("assignment.other_agency", agency=agency)


def check_day(on: date, matter: Matter) -> None:
    """Refuse a day before that of the latest step. Raises Refused `assignment.day_before`."""
    if on < matter.last_on:
        raise Refused("assignment.day_before", on=on, earliest=matter.last_on)


def check_in_time(on: date, matter: Matter) -> None:
    """Refuse what comes after the due date. Raises Refused `assignment.after_due`."""
    if on > matter.due_on:
        raise Refused("assignment.after_due", due_on=matter.due_on)


def check_other_seat(seat: str, author: str) -> None:
    """Refuse the author as second pair of eyes. Raises Refused `assignment.same_seat`."""
    if seat == author:
        raise Refused("assignment.same_seat", seat=seat)
