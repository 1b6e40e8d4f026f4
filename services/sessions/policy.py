"""When that happens elsewhere, then this is asked of a session. Pure."""

from services.sessions.commands import Command, PlaceOnAgenda
from shared.contracts import Event
from shared.contracts.intake import OpinionScheduled
from shared.contracts.sessions import SessionDimensions
from shared.contracts.vocabulary import Mode, SessionKind


def react(event: Event) -> tuple[tuple[str, Command], ...]:
    """Return (session id, command) for each session that `event` concerns."""
    match event:
        case OpinionScheduled(session_id=str(session_id)):
            return ((session_id, _place(event, session_id)),)
        case _:
            return ()


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
