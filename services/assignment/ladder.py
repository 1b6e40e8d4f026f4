"""Who hears of what comes due or is overdue: the regulation's ladder, each step once. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from services.assignment.commands import ClimbLadder
from services.assignment.states import Live, Paused, State, dimensions
from shared.calendar import WorkCalendar
from shared.contracts.assignment import AssignmentEvent
from shared.contracts.assignment_course import EscalationRaised, ReminderSent

PUBLIC_LIST = "public_overdue_list"
"""The receiver by which a step puts a matter on the public list."""


def climb(command: ClimbLadder, state: State) -> Sequence[AssignmentEvent]:
    """Return the steps reached and not recorded; none while the clock stands.

    Of several reminders the last alone: the earlier ones have lost their use. One whose day
    lies before the issue is not sent.
    """
    if not isinstance(state, Live) or isinstance(state, Paused):
        return ()
    return tuple(_reached(command, state))


def _reached(command: ClimbLadder, state: Live) -> Iterator[AssignmentEvent]:
    matter, calendar = state.matter, command.calendar
    now = working_days_after(matter.due_on, command.today, calendar)
    at_issue = working_days_after(matter.due_on, matter.issue.issued_on, calendar)
    reached = [step for step in command.ladder if step.after_due_working_days <= now]
    reminders = [step for step in reached if step.after_due_working_days <= 0]
    for step in reminders[-1:]:
        number = step.after_due_working_days
        is_new = at_issue < number and not any(number <= each <= 0 for each in matter.steps)
        if is_new and command.today <= matter.due_on:
            yield ReminderSent(
                **dimensions(matter),
                sent_on=command.today,
                step_working_days=number,
                to=step.to,
            )
    for step in reached[len(reminders) :]:
        number = step.after_due_working_days
        if number not in matter.steps:
            yield EscalationRaised(
                **dimensions(matter),
                reached_on=calendar.add_working_days(matter.due_on, number),
                step_working_days=number,
                to=step.to,
            )


def working_days_after(due_on: date, day: date, calendar: WorkCalendar) -> int:
    """Return how many working days `day` lies after `due_on`; negative before it."""
    if day > due_on:
        return calendar.working_days_between(due_on, day)
    return -calendar.working_days_between(day, due_on)
