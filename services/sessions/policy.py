"""When that happens elsewhere, then this is asked of a session. Pure."""

from services.sessions.commands import Command, PlaceOnAgenda, RemoveFromAgenda
from services.sessions.conclusion_commands import NoteProgress
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentCancelled, FulfilmentVerified
from shared.contracts.intake import OpinionMerged, OpinionScheduled, OpinionWithdrawn
from shared.contracts.sessions import SessionDimensions
from shared.contracts.vocabulary import (
    CommitmentProgress,
    Mode,
    Outcome,
    RemovalReason,
    SessionKind,
)

LEAVES_NOTHING_TO_DO = frozenset({Outcome.EXPLAINED, Outcome.NOT_RESOLVABLE})
"""Outcomes after which no product is awaited, so that nothing is left to be verified."""


def react(event: Event) -> tuple[tuple[str, Command], ...]:
    """Return (session id, command) for each session that `event` concerns."""
    match event:
        case OpinionScheduled(session_id=str(session_id)):
            return ((session_id, _place(event, session_id)),)
        case OpinionMerged(session_id=str(session_id), opinion_id=opinion_id):
            return ((session_id, _remove(opinion_id, RemovalReason.MERGED)),)
        case OpinionWithdrawn(session_id=str(session_id), opinion_id=opinion_id):
            return ((session_id, _remove(opinion_id, RemovalReason.WITHDRAWN)),)
        case AnswerReleased() | FulfilmentVerified() | AssignmentCancelled():
            return _progress(event)
        case _:
            return ()


def _remove(opinion_id: str, reason: RemovalReason) -> RemoveFromAgenda:
    return RemoveFromAgenda(opinion_id=opinion_id, reason=reason)


def _progress(
    event: AnswerReleased | FulfilmentVerified | AssignmentCancelled,
) -> tuple[tuple[str, Command], ...]:
    if event.session_id is None or event.commitment_id is None:
        return ()
    return ((event.session_id, _noted(event, event.commitment_id)),)


def _noted(
    event: AnswerReleased | FulfilmentVerified | AssignmentCancelled, commitment_id: str
) -> NoteProgress:
    match event:
        case AnswerReleased():
            is_settled = event.outcome in LEAVES_NOTHING_TO_DO
            return NoteProgress(
                commitment_id=commitment_id,
                progress=CommitmentProgress.SETTLED if is_settled else CommitmentProgress.ANSWERED,
                on=event.released_on,
                days_late=event.days_late,
            )
        case FulfilmentVerified():
            return NoteProgress(
                commitment_id=commitment_id,
                progress=CommitmentProgress.FULFILLED,
                on=event.verified_on,
            )
        case AssignmentCancelled():
            return NoteProgress(
                commitment_id=commitment_id,
                progress=CommitmentProgress.CANCELLED,
                on=event.cancelled_on,
            )


def _place(event: OpinionScheduled, session_id: str) -> PlaceOnAgenda:
    return PlaceOnAgenda(
        opinion_id=event.opinion_id,
        field_of_opinion=event.field,
        stated=SessionDimensions(
            session_id=session_id,
            unit=event.unit,
            level=event.level,
            session_kind=event.session_kind or SessionKind.PERIODIC,
            mode=Mode.IN_PERSON,
        ),
    )
