"""What Assignment's events claim: who leads, until when, and how late the answer was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.assignment.commands import (
    AcceptAssignment,
    Command,
    NoticeDeadline,
    ReleaseAnswer,
    SubmitAnswer,
)
from services.assignment.decider import DECIDER
from services.assignment.policy import OpinionRound, react
from services.assignment.reactions import stream_of
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentDimensions,
    AssignmentEvent,
    AssignmentIssued,
    DeadlineMissed,
)


@dataclass(slots=True)
class AssignmentClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset(
        {"deadline_citation", "deadline_working_days", "routing_citation"}
    )
    types: ClassVar[tuple[type[Event], ...]] = get_args(AssignmentEvent)
    timed: ClassVar[tuple[type[Event], ...]] = (DeadlineMissed,)

    premises: Premises
    led: set[OpinionRound] = field(default_factory=set)
    """Opinions and rounds that an assignment leads."""
    issued: set[str] = field(default_factory=set)
    """Assignments that are there."""
    _due: dict[str, date] = field(default_factory=dict)
    """By assignment: its last day in time."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        if isinstance(event, AssignmentDimensions):
            return Stream(stream_of(event.assignment_id), DECIDER)
        return None

    def asked(self, logged: Logged) -> Command:
        """Return the command; every day in it is the one on which the event happened."""
        on = logged.occurred_on
        match logged.event:
            case AssignmentIssued() as event:
                return self._issue(logged, event)
            case AssignmentAccepted() as event:
                return AcceptAssignment(agency=event.agency, on=on)
            case AnswerSubmitted() as event:
                return SubmitAnswer(
                    agency=event.agency,
                    on=on,
                    outcome=event.outcome,
                    author=logged.recorded.actor,
                    text=event.text,
                )
            case AnswerReleased() as event:
                due_on = self._due.get(event.assignment_id, event.due_on)
                calendar = self.premises.ruled_by().calendar
                return ReleaseAnswer(
                    agency=event.agency,
                    on=on,
                    approver=logged.recorded.actor,
                    working_days_late=calendar.working_days_between(due_on, on),
                )
            case DeadlineMissed():
                return NoticeDeadline(today=on)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, or the code of a refusal, depends on the province's file."""
        return name in _RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Remember which opinions have a lead."""
        event = logged.event
        if isinstance(event, AssignmentIssued):
            self.issued.add(event.assignment_id)
            self._due[event.assignment_id] = event.due_on
            self.led.update((opinion_id, event.round) for opinion_id in event.opinion_ids)
        yield from ()

    def _issue(self, logged: Logged, event: AssignmentIssued) -> Command:
        cause = self.premises.cause_of(logged)
        province = self.premises.ruled_by()
        for command in react(cause.event, province, led=self.led, issued=self.issued):
            if command.terms.assignment_id == event.assignment_id:
                return command
        raise Unexplained("cause_asks_nothing", cause=cause.recorded.event_id)


_RULED = frozenset({"agency", "due_on", "working_days_late"})
