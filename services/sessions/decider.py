"""One session: planned, scheduled, convened, held, minuted, concluded, completed.

Pure. `preparation`, `room` and `concluding` hold the rules; `evolving` says what each event
changes.
"""

from collections.abc import Sequence
from typing import assert_never

from services.sessions import concluding, preparation, room
from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    CancelSession,
    Command,
    ConveneSession,
    DelegateChair,
    EndSession,
    OpenSession,
    PlaceOnAgenda,
    PlanSession,
    PostponeSession,
    RaiseOpinion,
    RecordAttendance,
    RemoveFromAgenda,
    RescheduleSession,
    ResumeSession,
    ScheduleSession,
    SetAgenda,
    StateCommitment,
)
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    IssueConclusion,
    NoteProgress,
    PublishResults,
)
from services.sessions.evolving import evolve
from services.sessions.states import NotPlanned, State
from shared.contracts.sessions import SessionEvent
from shared.kernel.decider import Decider
from shared.kernel.errors import NotFound

Events = Sequence[SessionEvent]


def decide(command: Command, state: State) -> Events:
    """Return what happens when `command` meets `state`; nothing, if it already has.

    Putting an opinion on the agenda is never refused: Intake has scheduled it, and hears
    of a rejection by an event. So is nothing that follows from other services' events.

    Raises:
        NotFound: `session.not_planned` for a session that nobody planned.
        Refused: a code of this service, as the table in its README says.

    """
    if isinstance(command, PlanSession):
        return preparation.plan(command, state)
    if isinstance(command, PlaceOnAgenda):
        return preparation.place(command, state)
    if isinstance(command, RemoveFromAgenda):
        return preparation.remove(command, state)
    if isinstance(state, NotPlanned):
        if isinstance(command, NoteProgress):
            return ()
        raise NotFound("session.not_planned")
    match command:
        case ScheduleSession():
            return preparation.schedule(command, state)
        case RescheduleSession():
            return preparation.reschedule(command, state)
        case PostponeSession():
            return preparation.postpone(command, state)
        case CancelSession():
            return preparation.cancel(command, state)
        case DelegateChair():
            return preparation.delegate(command, state)
        case SetAgenda():
            return preparation.set_agenda(command, state)
        case ConveneSession():
            return preparation.convene(command, state)
        case OpenSession():
            return room.open_(command, state)
        case AdjournSession():
            return room.adjourn(command, state)
        case ResumeSession():
            return room.resume(command, state)
        case RecordAttendance():
            return room.record_attendance(command, state)
        case RaiseOpinion():
            return room.raise_(command, state)
        case AnswerOnSpot():
            return room.answer(command, state)
        case StateCommitment():
            return room.state_commitment(command, state)
        case EndSession():
            return room.end(command, state)
        case ApproveMinutes():
            return concluding.approve_minutes(command, state)
        case CorrectMinutes():
            return concluding.correct_minutes(command, state)
        case IssueConclusion():
            return concluding.conclude(command, state)
        case AmendConclusion():
            return concluding.amend(command, state)
        case PublishResults():
            return concluding.publish(command, state)
        case NoteProgress():
            return concluding.note_progress(command, state)
        case _:
            assert_never(command)


SESSION: Decider[Command, State, SessionEvent] = Decider(NotPlanned(), decide, evolve)
