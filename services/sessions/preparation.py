"""What may happen before a session: plan, day, agenda, notice, and giving it up. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.sessions.commands import (
    Appointment,
    CancelSession,
    Clash,
    ConveneSession,
    DelegateChair,
    Found,
    PlaceOnAgenda,
    PlanSession,
    PostponeSession,
    RemoveFromAgenda,
    RescheduleSession,
    ScheduleSession,
    SetAgenda,
)
from services.sessions.conclusion import OPINIONS_MAX
from services.sessions.dimensions import dated, values
from services.sessions.states import (
    Begun,
    Cancelled,
    Convened,
    Fixed,
    Issued,
    Known,
    Planned,
    Scheduled,
    State,
)
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AgendaItemRemoved,
    AgendaSet,
    ChairDelegated,
    SessionCancelled,
    SessionConvened,
    SessionEvent,
    SessionPlanned,
    SessionPostponed,
    SessionRescheduled,
    SessionScheduled,
)
from shared.contracts.vocabulary import SessionKind, UnscheduleReason
from shared.kernel.errors import Refused

Events = Sequence[SessionEvent]


def plan(command: PlanSession, state: State) -> Events:
    """Return the plan. Refused: `session.planned_differently`, `session.trigger_*`, `field_*`."""
    planned = SessionPlanned(
        **values(command.dimensions), planned_year=command.planned_year, trigger=command.trigger
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


def schedule(command: ScheduleSession, state: Known) -> Events:
    """Return the fixed day. Refused: `session.already_scheduled`, or as `_appointed`."""
    if isinstance(state, Cancelled):
        raise Refused("session.cancelled")
    stated = command.appointment
    if isinstance(state, Fixed):
        if _same(state, stated):
            return ()
        raise Refused("session.already_scheduled", held_on=state.held_on)
    return (SessionScheduled(**values(state.plan), **_appointed(stated, command.found, state)),)


def reschedule(command: RescheduleSession, state: Known) -> Events:
    """Return the new day, hour or place; the notice is to be given again.

    Refused: `session.not_scheduled`, `session.already_opened`, or as `_appointed`.
    """
    fixed = _waiting(state)
    if _same(fixed, command.appointment):
        return ()
    return (
        SessionRescheduled(
            **values(fixed.plan),
            **_appointed(command.appointment, command.found, fixed),
            held_on_before=fixed.held_on,
            reason=command.reason,
        ),
    )


def postpone(command: PostponeSession, state: Known) -> Events:
    """Return that it has no day any more, and a rejection for each opinion on the agenda."""
    fixed = _waiting(state)
    postponed = SessionPostponed(
        **values(fixed.plan), held_on_before=fixed.held_on, reason=command.reason
    )
    return (postponed, *_rejected(fixed, UnscheduleReason.SESSION_POSTPONED))


def cancel(command: CancelSession, state: Known) -> Events:
    """Return that it won't be held, and a rejection for each opinion on the agenda."""
    if isinstance(state, Cancelled):
        if state.cancelled.reason is command.reason:
            return ()
        raise Refused("session.cancelled")
    if isinstance(state, Planned):
        return (SessionCancelled(**values(state.plan), reason=command.reason),)
    fixed = _waiting(state)
    cancelled = SessionCancelled(**dated(fixed), reason=command.reason)
    return (cancelled, *_rejected(fixed, UnscheduleReason.SESSION_CANCELLED))


def delegate(command: DelegateChair, state: Known) -> Events:
    """Return who chairs in the head's place. Refused: as `_waiting`."""
    fixed = _waiting(state)
    before = fixed.delegated
    if before is not None and (before.chair, before.reason) == (command.chair, command.reason):
        return ()
    if command.chair == fixed.chair:
        raise Refused("session.chair_already", chair=command.chair)
    return (
        ChairDelegated(
            **dated(fixed), chair=command.chair, reason=command.reason, chair_before=fixed.chair
        ),
    )


def set_agenda(command: SetAgenda, state: Known) -> Events:
    """Return the agenda's topics.

    Refused: as `_waiting`; `session.topic_twice`; `session.topics_without_disposition` while
    a confirmed hot topic of the unit is neither on the agenda nor omitted with a reason.
    """
    fixed = _waiting(state)
    named = [topic.topic_id for topic in command.topics]
    if len(set(named)) != len(named):
        raise Refused("session.topic_twice")
    _refuse_left_out(command.hot_topics, named)
    omitted = sum(topic.omitted is not None for topic in command.topics)
    agenda = AgendaSet(
        **dated(fixed),
        topics=command.topics,
        topics_on_agenda=len(named) - omitted,
        topics_omitted=omitted,
    )
    return () if fixed.topics == agenda else (agenda,)


def convene(command: ConveneSession, state: Known) -> Events:
    """Return the public notice.

    Refused: as `_waiting`; `session.notice_too_short`; `session.topics_without_disposition`.
    """
    fixed = _waiting(state)
    if isinstance(fixed, Convened):
        return ()
    given = (fixed.held_on - command.today).days
    if given < command.notice_days:
        raise Refused(
            "session.notice_too_short", held_on=fixed.held_on, notice_days=command.notice_days
        )
    disposed = fixed.topics.topics if fixed.topics is not None else ()
    _refuse_left_out(command.hot_topics, [topic.topic_id for topic in disposed])
    return (SessionConvened(**dated(fixed), convened_on=command.today, notice_days=given),)


def place(command: PlaceOnAgenda, state: State) -> Events:
    """Return the opinion's place, or its rejection: Intake hears of either."""
    opinion_id = command.opinion_id
    if isinstance(state, Fixed) and opinion_id in state.agenda:
        return ()
    takes = isinstance(state, Scheduled | Convened)
    is_full = isinstance(state, Scheduled | Convened) and len(state.agenda) >= OPINIONS_MAX
    if isinstance(state, Scheduled | Convened) and not is_full:
        return (
            AgendaItemPlaced(
                **dated(state), opinion_id=opinion_id, field_of_opinion=command.field_of_opinion
            ),
        )
    dimensions = state.plan if isinstance(state, Known) else command.stated
    return (
        AgendaItemRejected(
            **values(dimensions),
            opinion_id=opinion_id,
            reason=UnscheduleReason.AGENDA_FULL if takes else UnscheduleReason.SESSION_NOT_OPEN,
            held_on=state.held_on if isinstance(state, Fixed) else None,
        ),
    )


def remove(command: RemoveFromAgenda, state: State) -> Events:
    """Return that the opinion needs no disposition, unless it has one or is not of here."""
    opinion_id = command.opinion_id
    if not isinstance(state, Fixed) or isinstance(state, Issued):
        return ()
    is_here = opinion_id in state.agenda
    if isinstance(state, Begun):
        is_here = opinion_id in state.opinions and opinion_id not in state.answered
    if not is_here:
        return ()
    return (AgendaItemRemoved(**dated(state), opinion_id=opinion_id, reason=command.reason),)


def _waiting(state: Known) -> Scheduled | Convened:
    """Return the state before the opening.

    Refused: `session.cancelled`, `session.not_scheduled`, `session.already_opened`.
    """
    match state:
        case Scheduled() | Convened():
            return state
        case Cancelled():
            raise Refused("session.cancelled")
        case Fixed():
            raise Refused("session.already_opened", held_on=state.held_on)
        case _:
            raise Refused("session.not_scheduled")


def _appointed(stated: Appointment, found: Sequence[Found], state: Known) -> dict[str, Any]:
    """Return what the event says of day and place.

    Refused: `session.held_outside_year`; `session.day_off`, `session.clash` with what was
    found, where no reason is given to do it all the same.
    """
    if stated.held_on.year != state.plan.planned_year:
        raise Refused("session.held_outside_year", planned_year=state.plan.planned_year)
    if found and stated.override is None:
        if all(each.clash is Clash.DAY_OFF for each in found):
            raise Refused("session.day_off", held_on=stated.held_on)
        told = [
            {"clash": each.clash, "session": each.session_id, "key": each.key} for each in found
        ]
        raise Refused("session.clash", held_on=stated.held_on, found=told)
    return {
        "held_on": stated.held_on,
        "starts_at": stated.starts_at,
        "venue": stated.venue,
        "chair": stated.chair,
        "required_agencies": stated.required_agencies or None,
        "override": stated.override if found else None,
    }


def _same(state: Fixed, stated: Appointment) -> bool:
    made = state.appointed
    return (made.held_on, made.starts_at, made.venue, made.chair, made.required_agencies or ()) == (
        stated.held_on,
        stated.starts_at,
        stated.venue,
        stated.chair,
        stated.required_agencies,
    )


def _rejected(fixed: Fixed, reason: UnscheduleReason) -> Iterator[AgendaItemRejected]:
    for opinion_id in sorted(fixed.agenda):
        yield AgendaItemRejected(**dated(fixed), opinion_id=opinion_id, reason=reason)


def _refuse_left_out(hot_topics: Sequence[str], named: Sequence[str]) -> None:
    left_out = tuple(sorted(set(hot_topics) - set(named)))
    if left_out:
        raise Refused("session.topics_without_disposition", count=len(left_out), topics=left_out)
