"""When that happens elsewhere, then this is asked of an opinion. Pure."""

from services.intake.commands import (
    AnswerOnSpot,
    Command,
    CoverByCommitment,
    NoteOverdue,
    ReceiveRaised,
    RecordAnswer,
    TakeOffAgenda,
)
from services.intake.receipt import receipt_number
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, DeadlineMissed
from shared.contracts.intake import OpinionDimensions
from shared.contracts.sessions import (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    ConclusionIssued,
    OpinionRaised,
)
from shared.contracts.vocabulary import Channel, TextRefusal

IN_THE_ROOM = "session"
"""Organisation of an opinion that nobody reported: it was raised in the room."""


def react(event: Event, text_refused: TextRefusal | None = None) -> tuple[tuple[str, Command], ...]:
    """Return (opinion id, command) for each opinion that `event` concerns.

    `text_refused` says why the text that a raised opinion refers to is not believed.
    """
    match event:
        case OpinionRaised():
            return ((event.opinion_id, _receive(event, text_refused)),)
        case AnswerGivenOnSpot():
            answer = AnswerOnSpot(
                session_id=event.session_id, outcome=event.outcome, answered_on=event.held_on
            )
            return ((event.opinion_id, answer),)
        case ConclusionIssued():
            return tuple(
                (
                    opinion_id,
                    CoverByCommitment(
                        session_id=event.session_id, commitment_id=commitment.commitment_id
                    ),
                )
                for commitment in event.commitments
                for opinion_id in commitment.opinion_ids
            )
        case AgendaItemRejected():
            off = TakeOffAgenda(session_id=event.session_id, reason=event.reason)
            return ((event.opinion_id, off),)
        case AnswerReleased():
            return tuple((opinion_id, _record(event)) for opinion_id in event.opinion_ids)
        case DeadlineMissed():
            return tuple((opinion_id, _overdue(event)) for opinion_id in event.opinion_ids)
        case _:
            return ()


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
