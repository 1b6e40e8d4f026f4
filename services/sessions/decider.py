"""One session: planned, scheduled, opened, ended, concluded.

Pure. Read `decide` for the rules and `evolve` for what each event changes.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any, assert_never

from services.sessions.commands import (
    AnswerOnSpot,
    Command,
    EndSession,
    IssueConclusion,
    OpenSession,
    PlaceOnAgenda,
    PlanSession,
    RaiseOpinion,
    RecordAttendance,
    ScheduleSession,
)
from services.sessions.conclusion import OPINIONS_MAX, faults, promised
from services.sessions.states import (
    Begun,
    Concluded,
    Fixed,
    Held,
    InProgress,
    Known,
    NotPlanned,
    Scheduled,
    State,
    evolve,
)
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ConclusionIssued,
    OpinionRaised,
    SessionDimensions,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.contracts.vocabulary import LEAVES_THE_FLOW, SessionKind, UnscheduleReason
from shared.kernel.decider import Decider
from shared.kernel.errors import NotFound, Refused

Events = Sequence[SessionEvent]


def decide(command: Command, state: State) -> Events:
    """Return what happens when `command` meets `state`; nothing, if it already has.

    Putting an opinion on the agenda is never refused: Intake has scheduled it, and hears
    of a rejection by an event.

    Raises:
        NotFound: `session.not_planned` for a session that nobody planned.
        Refused: a code of this service, as the table in its README says.

    """
    if isinstance(command, PlanSession):
        return _plan(command, state)
    if isinstance(command, PlaceOnAgenda):
        return _place(command, state)
    if isinstance(state, NotPlanned):
        raise NotFound("session.not_planned")
    match command:
        case ScheduleSession():
            return _schedule(command, state)
        case OpenSession():
            return _open(command, state)
        case RecordAttendance():
            return _record_attendance(command, state)
        case RaiseOpinion():
            return _raise(command, state)
        case AnswerOnSpot():
            return _answer(command, state)
        case EndSession():
            return _end(command, state)
        case IssueConclusion():
            return _conclude(command, state)
        case _:
            assert_never(command)


SESSION: Decider[Command, State, SessionEvent] = Decider(NotPlanned(), decide, evolve)


def _values(dimensions: SessionDimensions) -> dict[str, Any]:
    return {f.name: getattr(dimensions, f.name) for f in fields(SessionDimensions)}


def _dated(state: Fixed) -> dict[str, Any]:
    return {**_values(state.plan), "held_on": state.held_on}


def _plan(command: PlanSession, state: State) -> Events:
    planned = SessionPlanned(
        **_values(command.dimensions), planned_year=command.planned_year, trigger=command.trigger
    )
    if isinstance(state, Known):
        if state.plan == planned:
            return ()
        raise Refused("session.planned_differently", session=planned.session_id)
    if planned.session_kind is SessionKind.AD_HOC:
        if planned.trigger is None:
            raise Refused("session.trigger_missing", triggers=command.adhoc_triggers)
        if planned.trigger not in command.adhoc_triggers:
            raise Refused("session.trigger_unknown", triggers=command.adhoc_triggers)
    elif planned.trigger is not None:
        raise Refused("session.trigger_not_wanted")
    is_thematic = planned.session_kind is SessionKind.THEMATIC
    if is_thematic and planned.field is None:
        raise Refused("session.field_missing")
    if planned.field is not None and not is_thematic:
        raise Refused("session.field_not_wanted")
    return (planned,)


def _schedule(command: ScheduleSession, state: Known) -> Events:
    if isinstance(state, Fixed):
        if state.held_on == command.held_on:
            return ()
        raise Refused("session.already_scheduled", held_on=state.held_on)
    if command.held_on.year != state.plan.planned_year:
        raise Refused("session.held_outside_year", planned_year=state.plan.planned_year)
    return (SessionScheduled(**_values(state.plan), held_on=command.held_on),)


def _place(command: PlaceOnAgenda, state: State) -> Events:
    opinion_id = command.opinion_id
    if isinstance(state, Fixed) and opinion_id in state.agenda:
        return ()
    is_full = isinstance(state, Scheduled) and len(state.agenda) >= OPINIONS_MAX
    if isinstance(state, Scheduled) and not is_full:
        return (
            AgendaItemPlaced(
                **_dated(state), opinion_id=opinion_id, field_of_opinion=command.field_of_opinion
            ),
        )
    dimensions = state.plan if isinstance(state, Known) else command.stated
    return (
        AgendaItemRejected(
            **_values(dimensions),
            opinion_id=opinion_id,
            reason=UnscheduleReason.AGENDA_FULL if is_full else UnscheduleReason.SESSION_NOT_OPEN,
            held_on=state.held_on if isinstance(state, Fixed) else None,
        ),
    )


def _open(command: OpenSession, state: Known) -> Events:
    if not isinstance(state, Fixed):
        raise Refused("session.not_scheduled")
    opened = SessionOpened(**_dated(state), chair=command.chair, head_present=command.head_present)
    if isinstance(state, Begun):
        if state.opened == opened:
            return ()
        raise Refused("session.opened_differently", held_on=state.held_on)
    if command.today < state.held_on:
        raise Refused("session.opened_too_early", held_on=state.held_on)
    latest_on = state.held_on + timedelta(days=command.backdating_max_days)
    if command.today > latest_on:
        raise Refused("session.opened_too_late", held_on=state.held_on, latest_on=latest_on)
    return (opened,)


def _record_attendance(command: RecordAttendance, state: Known) -> Events:
    begun = _begun(state)
    if command.attendances < 0:
        raise Refused("session.attendances_negative", group=command.group)
    before = begun.attendances.get(command.group)
    if before is not None and (before.attendances, before.basis) == (
        command.attendances,
        command.basis,
    ):
        return ()
    if isinstance(begun, Concluded):
        raise Refused("session.already_concluded", number=begun.conclusion.number)
    return (
        AttendanceRecorded(
            **_dated(begun),
            group=command.group,
            attendances=command.attendances,
            attendances_before=before.attendances if before is not None else 0,
            basis=command.basis,
        ),
    )


def _raise(command: RaiseOpinion, state: Known) -> Events:
    begun = _begun(state)
    raised = OpinionRaised(
        **_dated(begun),
        opinion_id=command.opinion_id,
        field_of_opinion=command.field_of_opinion,
        opinion_kind=command.opinion_kind,
        voices=command.voices,
        text=command.text,
    )
    before = begun.raised.get(command.opinion_id)
    if before == raised:
        return ()
    if before is not None:
        raise Refused("session.opinion_raised_differently", opinion=command.opinion_id)
    _refuse_after_end(begun)
    if command.opinion_id in begun.agenda:
        raise Refused("session.opinion_on_agenda", opinion=command.opinion_id)
    if len(begun.opinions) >= OPINIONS_MAX:
        raise Refused("session.too_many_opinions", limit=OPINIONS_MAX)
    if command.opinion_kind in LEAVES_THE_FLOW:
        raise Refused("session.not_for_dialogue", opinion=command.opinion_id)
    if command.voices < 1:
        raise Refused("session.voices_missing", opinion=command.opinion_id)
    return (raised,)


def _answer(command: AnswerOnSpot, state: Known) -> Events:
    begun = _begun(state)
    before = begun.answered.get(command.opinion_id)
    if before is not None:
        if before.outcome is command.outcome:
            return ()
        raise Refused("session.opinion_answered_already", opinion=command.opinion_id)
    _refuse_after_end(begun)
    if command.opinion_id not in begun.opinions:
        raise Refused("session.opinion_not_here", opinion=command.opinion_id)
    return (
        AnswerGivenOnSpot(**_dated(begun), opinion_id=command.opinion_id, outcome=command.outcome),
    )


def _end(command: EndSession, state: Known) -> Events:
    begun = _begun(state)
    ended = SessionEnded(**_dated(begun), speaking_turns=command.speaking_turns)
    if isinstance(begun, Held | Concluded):
        if begun.ended == ended:
            return ()
        raise Refused("session.already_ended", held_on=begun.held_on)
    if command.speaking_turns is not None and command.speaking_turns < 0:
        raise Refused("session.speaking_turns_negative")
    if not begun.attendances:
        raise Refused("session.attendance_missing")
    return (ended,)


def _conclude(command: IssueConclusion, state: Known) -> Events:
    if isinstance(state, Concluded):
        if _is_repeated(command, state):
            return ()
        raise Refused("session.already_concluded", number=state.conclusion.number)
    if not isinstance(state, Held):
        raise Refused("session.not_ended")
    found = faults(command, state)
    if found:
        told = [fault.facts() for fault in found]
        raise Refused("session.conclusion_incomplete", count=len(found), faults=told)
    return (_conclusion(command, state),)


def _is_repeated(command: IssueConclusion, state: Concluded) -> bool:
    is_whole = len(command.commitments) == len(state.conclusion.commitments)
    return is_whole and _conclusion(command, state) == state.conclusion


def _conclusion(command: IssueConclusion, state: Held | Concluded) -> ConclusionIssued:
    written = (promised(commitment) for commitment in command.commitments)
    return ConclusionIssued(
        **_dated(state),
        conclusion_id=command.conclusion_id,
        number=command.number,
        issued_on=command.issued_on,
        signer=command.signer,
        commitments=tuple(commitment for commitment in written if commitment is not None),
    )


def _begun(state: Known) -> Begun:
    if isinstance(state, Begun):
        return state
    raise Refused("session.not_opened")


def _refuse_after_end(begun: Begun) -> None:
    if not isinstance(begun, InProgress):
        raise Refused("session.already_ended", held_on=begun.held_on)
