"""What may happen in the room, from the opening to the end. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    EndSession,
    OpenSession,
    RaiseOpinion,
    RecordAttendance,
    ResumeSession,
    StateCommitment,
)
from services.sessions.conclusion import COMMITMENTS_MAX, OPINIONS_MAX
from services.sessions.dimensions import dated
from services.sessions.states import (
    Adjourned,
    Begun,
    Cancelled,
    Convened,
    Fixed,
    InProgress,
    Issued,
    Known,
    Minuted,
    Over,
)
from shared.contracts.sessions import (
    AnswerGivenOnSpot,
    AttendanceRecorded,
    CommitmentStated,
    OpinionRaised,
    SessionAdjourned,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionResumed,
)
from shared.contracts.vocabulary import LEAVES_THE_FLOW
from shared.kernel.errors import Refused

Events = Sequence[SessionEvent]


def open_(command: OpenSession, state: Known) -> Events:
    """Return the opening.

    Refused: `session.not_scheduled`, `session.cancelled`, `session.opened_differently`,
    `session.opened_too_early`, `session.opened_too_late`, `session.not_convened`,
    `session.chair_differs`, `session.head_present_delegated`, `session.quorum_missing`.
    """
    if isinstance(state, Cancelled):
        raise Refused("session.cancelled")
    if not isinstance(state, Fixed):
        raise Refused("session.not_scheduled")
    opened = SessionOpened(
        **dated(state),
        chair=command.chair,
        head_present=command.head_present,
        present=command.present,
        quorum=command.quorum,
    )
    if isinstance(state, Begun):
        if state.opened == opened:
            return ()
        raise Refused("session.opened_differently", held_on=state.held_on)
    if command.today < state.held_on:
        raise Refused("session.opened_too_early", held_on=state.held_on)
    latest_on = state.held_on + timedelta(days=command.backdating_max_days)
    if command.today > latest_on:
        raise Refused("session.opened_too_late", held_on=state.held_on, latest_on=latest_on)
    if command.must_be_convened and not isinstance(state, Convened):
        raise Refused("session.not_convened")
    if state.chair not in (None, command.chair):
        raise Refused("session.chair_differs", chair=state.chair)
    if command.head_present and state.delegated is not None:
        raise Refused("session.head_present_delegated", chair=state.chair)
    if command.quorum is not None and (command.present or 0) < command.quorum:
        raise Refused("session.quorum_missing", quorum=command.quorum)
    return (opened,)


def adjourn(command: AdjournSession, state: Known) -> Events:
    """Return the break. Refused: as `_in_progress`; `session.adjourned_before_session`."""
    begun = begun_(state)
    if isinstance(begun, Adjourned) and begun.adjourned.adjourned_on == command.on:
        return ()
    begun = _in_progress(begun)
    if command.on < begun.held_on:
        raise Refused("session.adjourned_before_session", held_on=begun.held_on)
    return (SessionAdjourned(**dated(begun), adjourned_on=command.on, reason=command.reason),)


def resume(command: ResumeSession, state: Known) -> Events:
    """Return that it goes on. Refused: `session.not_adjourned`, `session.resumed_too_early`."""
    begun = begun_(state)
    if not isinstance(begun, Adjourned):
        raise Refused("session.not_adjourned")
    if command.on < begun.adjourned.adjourned_on:
        raise Refused("session.resumed_too_early", adjourned_on=begun.adjourned.adjourned_on)
    return (SessionResumed(**dated(begun), resumed_on=command.on),)


def record_attendance(command: RecordAttendance, state: Known) -> Events:
    """Return the number of a group, or its correction, until the minutes are final."""
    begun = begun_(state)
    if command.attendances < 0:
        raise Refused("session.attendances_negative", group=command.group)
    before = begun.attendances.get(command.group)
    if before is not None and (before.attendances, before.basis) == (
        command.attendances,
        command.basis,
    ):
        return ()
    if isinstance(begun, Minuted):
        raise Refused("session.minutes_approved")
    if isinstance(begun, Issued):
        raise Refused("session.already_concluded", number=begun.conclusion.number)
    return (
        AttendanceRecorded(
            **dated(begun),
            group=command.group,
            attendances=command.attendances,
            attendances_before=before.attendances if before is not None else 0,
            basis=command.basis,
        ),
    )


def raise_(command: RaiseOpinion, state: Known) -> Events:
    """Return the opinion first heard here."""
    begun = begun_(state)
    raised = OpinionRaised(
        **dated(begun),
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
    _in_progress(begun)
    if command.opinion_id in begun.agenda:
        raise Refused("session.opinion_on_agenda", opinion=command.opinion_id)
    if len(begun.opinions) >= OPINIONS_MAX:
        raise Refused("session.too_many_opinions", limit=OPINIONS_MAX)
    if command.opinion_kind in LEAVES_THE_FLOW:
        raise Refused("session.not_for_dialogue", opinion=command.opinion_id)
    if command.voices < 1:
        raise Refused("session.voices_missing", opinion=command.opinion_id)
    return (raised,)


def answer(command: AnswerOnSpot, state: Known) -> Events:
    """Return the answer given in the room."""
    begun = begun_(state)
    before = begun.answered.get(command.opinion_id)
    if before is not None:
        if before.outcome is command.outcome:
            return ()
        raise Refused("session.opinion_answered_already", opinion=command.opinion_id)
    _in_progress(begun)
    if command.opinion_id not in begun.opinions:
        raise Refused("session.opinion_not_here", opinion=command.opinion_id)
    return (
        AnswerGivenOnSpot(**dated(begun), opinion_id=command.opinion_id, outcome=command.outcome),
    )


def state_commitment(command: StateCommitment, state: Known) -> Events:
    """Return what the chair promised. Stated again otherwise, it is `stated_differently`."""
    begun = begun_(state)
    stated = CommitmentStated(
        **dated(begun),
        statement_id=command.statement_id,
        field_of_commitment=command.field_of_commitment,
        opinion_ids=command.opinion_ids,
        lead_agency=command.lead_agency,
        due_on=command.due_on,
        product=command.product,
    )
    before = begun.stated.get(command.statement_id)
    if before == stated:
        return ()
    if before is not None:
        raise Refused("session.commitment_stated_differently")
    _in_progress(begun)
    if len(begun.stated) >= COMMITMENTS_MAX:
        raise Refused("session.too_many_commitments", limit=COMMITMENTS_MAX)
    for opinion_id in command.opinion_ids:
        if opinion_id not in begun.opinions:
            raise Refused("session.opinion_not_here", opinion=opinion_id)
    return (stated,)


def end(command: EndSession, state: Known) -> Events:
    """Return the end: from now on the session counts."""
    begun = begun_(state)
    ended = SessionEnded(**dated(begun), speaking_turns=command.speaking_turns)
    if isinstance(begun, Over):
        if begun.ended == ended:
            return ()
        raise Refused("session.already_ended", held_on=begun.held_on)
    _in_progress(begun)
    if command.speaking_turns is not None and command.speaking_turns < 0:
        raise Refused("session.speaking_turns_negative")
    if not begun.attendances:
        raise Refused("session.attendance_missing")
    return (ended,)


def begun_(state: Known) -> Begun:
    """Return the state since the opening. Refused: `session.not_opened`."""
    if isinstance(state, Begun):
        return state
    raise Refused("session.not_opened")


def _in_progress(begun: Begun) -> InProgress:
    """Refused: `session.is_adjourned`, `session.already_ended`."""
    if isinstance(begun, InProgress):
        return begun
    if isinstance(begun, Adjourned):
        raise Refused("session.is_adjourned", adjourned_on=begun.adjourned.adjourned_on)
    raise Refused("session.already_ended", held_on=begun.held_on)
