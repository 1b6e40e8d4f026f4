"""When that happens elsewhere, then this is asked of an opinion. Pure."""

from collections.abc import Iterator, Sequence

from services.intake.commands import (
    AnswerOnSpot,
    Command,
    CoverByCommitment,
    NoteOverdue,
    ReceiveRaised,
    RecordAnswer,
    TakeOffAgenda,
)
from services.intake.commands_course import RescheduleOpinion, ReturnOpinion
from services.intake.receipt import receipt_number
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentCancelled, DeadlineMissed
from shared.contracts.intake import OpinionDimensions
from shared.contracts.sessions import (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    ConclusionAmended,
    ConclusionIssued,
    OpinionRaised,
    SessionRescheduled,
)
from shared.contracts.vocabulary import Channel, ReturnReason, TextRefusal

IN_THE_ROOM = "session"
"""Organisation of an opinion that nobody reported: it was raised in the room."""


def react(
    event: Event,
    text_refused: TextRefusal | None = None,
    *,
    on_agenda: Sequence[str] = (),
) -> tuple[tuple[str, Command], ...]:
    """Return (opinion id, command) for each opinion that `event` concerns.

    `text_refused` says why the text that a raised opinion refers to is not believed;
    `on_agenda` are the opinions on the agenda of the session that `event` is about.
    """
    match event:
        case OpinionRaised():
            return ((event.opinion_id, _receive(event, text_refused)),)
        case AnswerGivenOnSpot():
            answer = AnswerOnSpot(
                session_id=event.session_id, outcome=event.outcome, answered_on=event.held_on
            )
            return ((event.opinion_id, answer),)
        case ConclusionIssued() | ConclusionAmended():
            return tuple(_covers(event))
        case SessionRescheduled():
            moved = RescheduleOpinion(session_id=event.session_id, held_on=event.held_on)
            return tuple((opinion_id, moved) for opinion_id in on_agenda)
        case AgendaItemRejected():
            off = TakeOffAgenda(session_id=event.session_id, reason=event.reason)
            return ((event.opinion_id, off),)
        case AnswerReleased():
            return tuple((opinion_id, _record(event)) for opinion_id in event.opinion_ids)
        case DeadlineMissed():
            return tuple((opinion_id, _overdue(event)) for opinion_id in event.opinion_ids)
        case AssignmentCancelled() if event.reason.value in _RETURNS:
            return tuple((opinion_id, _return(event)) for opinion_id in event.opinion_ids)
        case _:
            return ()


_RETURNS = frozenset(reason.value for reason in ReturnReason)
"""Reasons for which a cancelled assignment gives its opinions back."""


def _covers(event: ConclusionIssued | ConclusionAmended) -> Iterator[tuple[str, Command]]:
    """Yield each opinion once, with the first commitment that answers for it."""
    seen: set[str] = set()
    for commitment in event.commitments:
        for opinion_id in commitment.opinion_ids:
            if opinion_id not in seen:
                seen.add(opinion_id)
                yield (
                    opinion_id,
                    CoverByCommitment(
                        session_id=event.session_id, commitment_id=commitment.commitment_id
                    ),
                )


def _return(event: AssignmentCancelled) -> ReturnOpinion:
    return ReturnOpinion(
        round=event.round,
        reason=ReturnReason(event.reason),
        on=event.cancelled_on,
        commitment_id=event.commitment_id,
    )


def _receive(event: OpinionRaised, text_refused: TextRefusal | None) -> ReceiveRaised:
    return ReceiveRaised(
        dimensions=OpinionDimensions(
            opinion_id=event.opinion_id,
            unit=event.unit,
            level=event.level,
            field=event.field_of_opinion,
            opinion_kind=event.opinion_kind,
            channel=Channel.SESSION,
            organisation=IN_THE_ROOM,
            voices=event.voices,
            received_on=event.held_on,
            session_id=event.session_id,
            session_kind=event.session_kind,
            held_on=event.held_on,
        ),
        receipt=receipt_number(event.opinion_id),
        text=event.text,
        text_refused=text_refused,
    )


def _record(event: AnswerReleased) -> RecordAnswer:
    return RecordAnswer(
        agency=event.agency,
        outcome=event.outcome,
        answered_on=event.released_on,
        due_on=event.due_on,
        days_late=event.days_late,
        round=event.round,
        text=event.text,
        commitment_id=event.commitment_id,
    )


def _overdue(event: DeadlineMissed) -> NoteOverdue:
    return NoteOverdue(
        agency=event.agency,
        due_on=event.due_on,
        round=event.round,
        commitment_id=event.commitment_id,
    )
