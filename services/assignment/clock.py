"""The time that an agency has: missed, paused, extended, counted again. Pure.

The due date moves by an event that names the cause, and by nothing else. After it has
passed nothing moves it, and a miss that is recorded stays.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from services.assignment.commands import (
    DecideExtension,
    NoticeDeadline,
    PauseClock,
    RecomputeDeadline,
    RequestExtension,
    ResumeClock,
)
from services.assignment.guards import check_day, check_in_time, check_lead, in_state, matter_in
from services.assignment.states import (
    Accepted,
    Disputed,
    Issued,
    Live,
    Matter,
    Paused,
    State,
    Submitted,
    dimensions,
)
from shared.contracts.assignment import AssignmentEvent, DeadlineMissed
from shared.contracts.assignment_course import (
    ClockPaused,
    ClockResumed,
    ContributionMissed,
    DeadlineRecomputed,
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
)
from shared.kernel.errors import Refused

_DAY = timedelta(days=1)


def notice(command: NoticeDeadline, state: State) -> Sequence[AssignmentEvent]:
    """Return what is missed before `command.today`: nothing of the lead while its clock stands."""
    if not isinstance(state, Live):
        return ()
    matter = state.matter
    contributions = tuple(
        ContributionMissed(
            **dimensions(matter),
            cooperating_agency=request.cooperating_agency,
            effective_on=request.contribution_due_on + _DAY,
        )
        for request in matter.awaited
        if request.contribution_due_on < command.today
        and request.cooperating_agency not in matter.late
    )
    lead = () if isinstance(state, Paused) else missed(matter, command.today)
    return (*contributions, *lead)


def missed(matter: Matter, on: date) -> tuple[DeadlineMissed, ...]:
    """Return the miss if `on` is after the due date and none is recorded."""
    if matter.missed or on <= matter.due_on:
        return ()
    return (DeadlineMissed(**dimensions(matter), effective_on=matter.due_on + _DAY),)


def pause(command: PauseClock, state: State) -> Sequence[AssignmentEvent]:
    """Stop the clock. Raises Refused `assignment.pause_unlisted`, and as the guards do."""
    if isinstance(state, Paused) and state.pause.reason == command.reason:
        return ()
    matter = in_state(state, Accepted).matter
    check_lead(command.agency, matter)
    if command.reason not in command.reasons:
        raise Refused("assignment.pause_unlisted", listed=command.reasons)
    check_day(command.on, matter)
    check_in_time(command.on, matter)
    return (ClockPaused(**dimensions(matter), paused_on=command.on, reason=command.reason),)


def resume(command: ResumeClock, state: State) -> Sequence[AssignmentEvent]:
    """Move the due date by the working days that the clock stood, the day it stopped excluded."""
    paused = in_state(state, Paused)
    matter = paused.matter
    check_lead(command.agency, matter)
    check_day(command.on, matter)
    days = command.calendar.working_days_between(paused.pause.paused_on, command.on)
    return (
        ClockResumed(
            **dimensions(matter, due_on=command.calendar.add_working_days(matter.due_on, days)),
            due_on_before=matter.due_on,
            resumed_on=command.on,
            paused_working_days=days,
        ),
    )


def request_extension(command: RequestExtension, state: State) -> Sequence[AssignmentEvent]:
    """Ask for more time.

    Raises:
        Refused: `assignment.extension_pending`, `assignment.extensions_used_up`,
            `assignment.extension_too_long`, and as the guards do.

    """
    matter = in_state(state, Accepted).matter
    check_lead(command.agency, matter)
    if matter.extension is not None:
        asked = (matter.extension.working_days, matter.extension.reason)
        if asked == (command.working_days, command.reason):
            return ()
        raise Refused("assignment.extension_pending")
    check_day(command.on, matter)
    check_in_time(command.on, matter)
    rule = command.rule
    if matter.extensions >= rule.max_times:
        raise Refused("assignment.extensions_used_up", most=rule.max_times)
    if not 0 < command.working_days <= rule.max_working_days:
        raise Refused("assignment.extension_too_long", most=rule.max_working_days)
    return (
        ExtensionRequested(
            **dimensions(matter),
            requested_on=command.on,
            working_days=command.working_days,
            reason=command.reason,
        ),
    )


def decide_extension(command: DecideExtension, state: State) -> Sequence[AssignmentEvent]:
    """Give what was asked for, in time, or refuse it.

    Raises Refused: `assignment.extension_not_requested`, and as the guards do.
    """
    matter = matter_in(state, Issued, Disputed, Accepted, Paused, Submitted)
    request = matter.extension
    if request is None:
        raise Refused("assignment.extension_not_requested")
    check_day(command.on, matter)
    if not command.is_granted:
        return (ExtensionRefused(**dimensions(matter), refused_on=command.on, seat=command.seat),)
    check_in_time(command.on, matter)
    due_on = command.calendar.add_working_days(matter.due_on, request.working_days)
    return (
        ExtensionGranted(
            **dimensions(matter, due_on=due_on),
            due_on_before=matter.due_on,
            original_due_on=matter.issue.due_on,
            granted_on=command.on,
            working_days=request.working_days,
            seat=command.seat,
        ),
    )


def recompute(command: RecomputeDeadline, state: State) -> Sequence[AssignmentEvent]:
    """Return the due date by the calendar of now, where it is another one.

    Of what is still in time only, and never into the past; a date that a conclusion
    promised, or that is counted in calendar days, stays.
    """
    if not isinstance(state, Live):
        return ()
    matter = state.matter
    length = matter.issue.deadline_working_days
    if length is None or matter.missed or command.today > matter.due_on:
        return ()
    days = length + matter.added_working_days
    due_on = command.calendar.add_working_days(command.counted_from_on, days)
    if due_on == matter.due_on or due_on < command.today:
        return ()
    return (
        DeadlineRecomputed(
            **dimensions(matter, due_on=due_on),
            due_on_before=matter.due_on,
            recomputed_on=command.today,
        ),
    )
