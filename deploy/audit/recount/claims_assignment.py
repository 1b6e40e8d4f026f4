"""What Assignment's events claim: who leads, until when, and how late the answer was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.assignment_steps import RULED, TIMED, step_asked
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.assignment.commands import AssignFromTriage, CancelAssignment, Command, TriageReferral
from services.assignment.decider import DECIDER
from services.assignment.policy import Standing, react
from services.assignment.reactions import stream_of
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentCancelled,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentSuperseded,
)
from shared.contracts.assignment_course import ReferralTriaged
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.vocabulary import CancelReason


@dataclass(slots=True)
class AssignmentClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset(
        {"citation", "deadline_citation", "deadline_working_days", "routing_citation"}
    )
    types: ClassVar[tuple[type[Event], ...]] = get_args(AssignmentEvent)
    timed: ClassVar[tuple[type[Event], ...]] = TIMED

    premises: Premises
    standing: Standing = field(default_factory=Standing)
    """Who leads what, and which assignments are there."""
    _issues: dict[str, AssignmentIssued] = field(default_factory=dict)

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        if isinstance(event, AssignmentDimensions | ReferralTriaged):
            return Stream(stream_of(event.assignment_id), DECIDER)
        return None

    def asked(self, logged: Logged) -> Command:
        """Return the command; every day in it is the one on which the event happened."""
        match logged.event:
            case AssignmentIssued() as event if logged.recorded.causation_id is None:
                return AssignFromTriage(
                    agency=event.agency,
                    on=logged.occurred_on,
                    calendar=self.premises.ruled_by().calendar,
                )
            case AssignmentCancelled(reason=CancelReason.ISSUED_IN_ERROR):
                return CancelAssignment(
                    on=logged.occurred_on,
                    reason=CancelReason.ISSUED_IN_ERROR,
                    calendar=self.premises.ruled_by().calendar,
                )
            case (
                AssignmentIssued()
                | ReferralTriaged()
                | AssignmentCancelled()
                | AssignmentSuperseded()
            ) as event:
                return self._reaction(logged, event.assignment_id)
            case _:
                return step_asked(logged, self.premises, self._issues)

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, a type, or the code of a refusal depends on the province's file."""
        return name in RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Remember who leads what, and what has ended."""
        match logged.event:
            case AssignmentIssued() as event:
                self._issues[event.assignment_id] = event
                self.standing.issued(event)
            case ReferralTriaged() as event:
                self.standing.note(TriageReferral(referral=event), event.assignment_id)
            case AssignmentCancelled() as event:
                self.standing.end(event.assignment_id)
                self.standing.cancelled.add(event.assignment_id)
            case AssignmentSuperseded() as event:
                self.standing.end(event.assignment_id)
            case AnswerReleased() as event:
                self.standing.live[event.assignment_id] = False
            case _:
                pass
        yield from ()

    def _reaction(self, logged: Logged, assignment_id: str) -> Command:
        cause = self.premises.cause_of(logged)
        province = self.premises.ruled_by()
        for asked_of, command in react(cause.event, province, self.standing):
            if asked_of == assignment_id:
                return command
        raise Unexplained("cause_asks_nothing", cause=cause.recorded.event_id)
