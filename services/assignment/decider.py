"""An assignment: issued, accepted, answer submitted, answer released.

Missing the deadline is a fact beside the state, recorded once per round at most, and
always before the late release that ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, assert_never

from services.assignment.commands import (
    AcceptAssignment,
    Command,
    IssueAssignment,
    NoticeDeadline,
    ReleaseAnswer,
    SubmitAnswer,
)
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentCancelled,
    AssignmentDimensions,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentReopened,
    AssignmentSuperseded,
    DeadlineMissed,
    LeadTransferred,
)
from shared.kernel.decider import Decider
from shared.kernel.errors import Forbidden, Refused

_DAY = timedelta(days=1)
_DIMENSIONS = tuple(field.name for field in fields(AssignmentDimensions))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unissued:
    """Nobody's duty yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """The lead agency has not said anything yet."""

    terms: AssignmentIssued
    missed: bool = False
    """Whether `DeadlineMissed` is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The lead agency is at work."""

    terms: AssignmentIssued
    missed: bool
    accepted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An answer waits for the second pair of eyes."""

    terms: AssignmentIssued
    missed: bool
    answer: AnswerSubmitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The people have the answer; nothing changes any more."""

    terms: AssignmentIssued
    answer: AnswerSubmitted
    approver: str


State = Unissued | Issued | Accepted | Submitted | Released


def decide(command: Command, state: State) -> Sequence[AssignmentEvent]:
    """Return what follows from `command`; nothing when it is already so.

    Raises:
        Refused: `assignment.issued_differently`, `assignment.not_issued`,
            `assignment.not_accepted`, `assignment.not_submitted`,
            `assignment.answer_differs`, `assignment.released_final`,
            `assignment.same_seat`, `assignment.day_before`.
        Forbidden: `assignment.other_agency`.

    """
    match command:
        case IssueAssignment():
            return _issue(command, state)
        case AcceptAssignment():
            return _accept(command, state)
        case SubmitAnswer():
            return _submit(command, state)
        case ReleaseAnswer():
            return _release(command, state)
        case NoticeDeadline():
            return _notice(command, state)
        case _:
            assert_never(command)


def evolve(state: State, event: AssignmentEvent) -> State:
    """Return the state after `event`."""
    if isinstance(event, AssignmentIssued):
        return Issued(terms=event)
    if isinstance(state, Unissued | Released):
        return state
    match event:
        case AssignmentAccepted():
            return Accepted(terms=state.terms, missed=state.missed, accepted_on=event.accepted_on)
        case AnswerSubmitted():
            return Submitted(terms=state.terms, missed=state.missed, answer=event)
        case AnswerReleased():
            if not isinstance(state, Submitted):
                return state
            return Released(terms=state.terms, answer=state.answer, approver=event.approver)
        case DeadlineMissed():
            return replace(state, missed=True)
        case (
            AssignmentCancelled()
            | AssignmentSuperseded()
            | LeadTransferred()
            | AssignmentReopened()
        ):
            return state
        case _:
            assert_never(event)


DECIDER: Decider[Command, State, AssignmentEvent] = Decider(
    initial=Unissued(), decide=decide, evolve=evolve
)


def _issue(command: IssueAssignment, state: State) -> Sequence[AssignmentEvent]:
    if isinstance(state, Unissued):
        return (command.terms,)
    if state.terms == command.terms:
        return ()
    raise Refused("assignment.issued_differently", assignment_id=command.terms.assignment_id)


def _accept(command: AcceptAssignment, state: State) -> Sequence[AssignmentEvent]:
    if isinstance(state, Unissued):
        raise Refused("assignment.not_issued")
    _check_agency(command.agency, state.terms)
    if not isinstance(state, Issued):
        return ()
    _check_day(command.on, state.terms.issued_on)
    return (AssignmentAccepted(**_dimensions(state.terms), accepted_on=command.on),)


def _submit(command: SubmitAnswer, state: State) -> Sequence[AssignmentEvent]:
    if isinstance(state, Unissued):
        raise Refused("assignment.not_issued")
    _check_agency(command.agency, state.terms)
    match state:
        case Issued():
            raise Refused("assignment.not_accepted")
        case Accepted():
            _check_day(command.on, state.accepted_on)
            return (
                AnswerSubmitted(
                    **_dimensions(state.terms),
                    submitted_on=command.on,
                    outcome=command.outcome,
                    author=command.author,
                    text=command.text,
                ),
            )
        case Submitted() | Released():
            if _says_the_same(command, state.answer):
                return ()
            if isinstance(state, Released):
                raise Refused("assignment.released_final")
            raise Refused("assignment.answer_differs")
        case _:
            assert_never(state)


def _release(command: ReleaseAnswer, state: State) -> Sequence[AssignmentEvent]:
    if isinstance(state, Unissued):
        raise Refused("assignment.not_issued")
    terms = state.terms
    _check_agency(command.agency, terms)
    match state:
        case Issued() | Accepted():
            raise Refused("assignment.not_submitted")
        case Released():
            if command.approver == state.approver:
                return ()
            raise Refused("assignment.released_final")
        case Submitted():
            pass
        case _:
            assert_never(state)
    answer = state.answer
    if command.approver == answer.author:
        raise Refused("assignment.same_seat", seat=command.approver)
    _check_day(command.on, answer.submitted_on)
    # Missing comes first: whoever reads only up to here knows of the miss.
    missed_now = () if state.missed else _missed(terms, command.on)
    return (
        *missed_now,
        AnswerReleased(
            **_dimensions(terms),
            submitted_on=answer.submitted_on,
            released_on=command.on,
            outcome=answer.outcome,
            approver=command.approver,
            text=answer.text,
            days_late=_days_late(terms, command.on),
            working_days_late=command.working_days_late,
            agency_days_late=_days_late(terms, answer.submitted_on),
            missed=state.missed or bool(missed_now),
        ),
    )


def _notice(command: NoticeDeadline, state: State) -> Sequence[AssignmentEvent]:
    match state:
        case Unissued() | Released():
            return ()
        case Issued() | Accepted() | Submitted():
            return () if state.missed else _missed(state.terms, command.today)
        case _:
            assert_never(state)


def _missed(terms: AssignmentIssued, on: date) -> tuple[DeadlineMissed, ...]:
    """Return the miss if `on` is after the due date, which itself is still in time."""
    if on <= terms.due_on:
        return ()
    return (DeadlineMissed(**_dimensions(terms), effective_on=terms.due_on + _DAY),)


def _days_late(terms: AssignmentIssued, on: date) -> int:
    return max(0, (on - terms.due_on).days)


def _check_agency(agency: str, terms: AssignmentIssued) -> None:
    if agency != terms.agency:
        raise Forbidden("assignment.other_agency", agency=agency)


def _check_day(on: date, earliest: date) -> None:
    if on < earliest:
        raise Refused("assignment.day_before", on=on, earliest=earliest)


def _says_the_same(command: SubmitAnswer, answer: AnswerSubmitted) -> bool:
    said = (command.outcome, command.author, command.text)
    return said == (answer.outcome, answer.author, answer.text)


def _dimensions(terms: AssignmentIssued) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in _DIMENSIONS}
