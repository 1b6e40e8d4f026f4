"""A matter that ends without an answer. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from services.assignment import legs
from services.assignment.clock import missed
from services.assignment.commands import CancelAssignment, SupersedeAssignment
from services.assignment.states import Live, Paused, State, dimensions
from shared.calendar import WorkCalendar
from shared.contracts.assignment import (
    AssignmentCancelled,
    AssignmentEvent,
    AssignmentSuperseded,
    DeadlineMissed,
)


def cancel(command: CancelAssignment, state: State) -> Sequence[AssignmentEvent]:
    """End a live matter; nothing when none is live, or when it answers for others as well.

    It is dated by the latest step at least: a declared day may lie before it.
    """
    if not isinstance(state, Live):
        return ()
    only = command.opinion_id
    if only is not None and state.matter.issue.opinion_ids != (only,):
        return ()
    on = max(command.on, state.matter.last_on)
    missed_now, how = _end(state, on, command.calendar)
    return (
        *missed_now,
        AssignmentCancelled(**how, cancelled_on=on, reason=command.reason),
    )


def supersede(command: SupersedeAssignment, state: State) -> Sequence[AssignmentEvent]:
    """End a live matter in favour of another; nothing when none is live."""
    if not isinstance(state, Live):
        return ()
    on = max(command.on, state.matter.last_on)
    missed_now, how = _end(state, on, command.calendar)
    return (*missed_now, AssignmentSuperseded(**how, superseded_on=on, by=command.by))


def _end(
    state: Live, on: date, calendar: WorkCalendar
) -> tuple[tuple[DeadlineMissed, ...], dict[str, Any]]:
    """Return the miss that comes first, and what both ends say.

    While the clock stands, nothing is missed.
    """
    matter = state.matter
    missed_now = () if isinstance(state, Paused) else missed(matter, on)
    return missed_now, {
        **dimensions(matter),
        "missed": matter.missed or bool(missed_now),
        "held_working_days": calendar.working_days_between(matter.lead_since, on),
        "legs": legs.ended(matter.legs, on, calendar),
    }
