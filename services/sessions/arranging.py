"""Resolving what people ask before a session: days, clashes, topics, notices."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions import clashes, queries, topics
from services.sessions.commands import (
    Appointment,
    CancelSession,
    ConveneSession,
    DelegateChair,
    Found,
    PostponeSession,
    RescheduleSession,
    ScheduleSession,
    SetAgenda,
)
from shared.contracts.sessions import TopicDisposition
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.provinces import Province
from shared.web.perform import Step


def schedule(
    province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> ScheduleSession:
    """Return the command to fix the day, with what speaks against it.

    Raises:
        Refused: `session.unit_not_there` when the unit of the plan isn't one on that day;
            `province.unknown_field` when the session's theme isn't a field then;
            `province.unknown_agency`, `province.agency_not_competent`.

    """
    wanted = _appointment(province, row, body)
    return ScheduleSession(appointment=wanted, found=_found(province, row, wanted, step))


def reschedule(
    province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> RescheduleSession:
    """Return the command to move it. Raises as `schedule`."""
    wanted = _appointment(province, row, body)
    return RescheduleSession(
        appointment=wanted, found=_found(province, row, wanted, step), reason=body["reason"]
    )


def postponement(body: dict[str, Any]) -> PostponeSession:
    """Return the command to take its day away."""
    return PostponeSession(reason=body["reason"])


def cancellation(body: dict[str, Any]) -> CancelSession:
    """Return the command to give it up."""
    return CancelSession(reason=body["reason"])


def delegation(body: dict[str, Any]) -> DelegateChair:
    """Return the command to let another seat chair."""
    return DelegateChair(chair=body["chair"], reason=body["reason"])


def agenda(row: sa.RowMapping, body: dict[str, Any], step: Step) -> SetAgenda:
    """Return the command to set the agenda, with the hot topics that it must speak of."""
    return SetAgenda(
        topics=tuple(
            TopicDisposition(topic_id=each["topic_id"], omitted=each["omitted"])
            for each in body["topics"]
        ),
        hot_topics=_hot_topics(row, step),
    )


def notice(province: Province, row: sa.RowMapping, step: Step) -> ConveneSession:
    """Return the command to give public notice, by the regulation of the session's day."""
    today = civil_date(step.at)
    rule = province.regulation.rule("notice_days", row["held_on"] or today)
    return ConveneSession(
        today=today, notice_days=rule.as_count(), hot_topics=_hot_topics(row, step)
    )


def _appointment(province: Province, row: sa.RowMapping, body: dict[str, Any]) -> Appointment:
    held_on: date = body["held_on"]
    unit = province.territory.on(row["unit"], held_on)
    if unit is None or unit.level != row["level"]:
        raise Refused("session.unit_not_there", unit=row["unit"], held_on=held_on)
    if row["field"] is not None:
        province.field(row["field"], held_on)
    return Appointment(
        held_on=held_on,
        starts_at=body["starts_at"],
        venue=body["venue"],
        chair=body["chair"],
        required_agencies=tuple(
            province.agency(key, held_on).key for key in dict.fromkeys(body["required_agencies"])
        ),
        override=body["override"],
    )


def _found(
    province: Province, row: sa.RowMapping, wanted: Appointment, step: Step
) -> tuple[Found, ...]:
    others = queries.engaged_on(
        step.connection, province.slug, wanted.held_on, but=row["session_id"]
    )
    return clashes.found(wanted, others, is_day_off=is_day_off(province, wanted.held_on))


def is_day_off(province: Province, day: date) -> bool:
    """Return whether no session is set on `day` without a reason, by the regulation of it."""
    formalities = province.regulation.rule("session_formalities", day).as_formalities()
    return formalities.working_day and not province.calendar.is_working(day)


def _hot_topics(row: sa.RowMapping, step: Step) -> tuple[str, ...]:
    found = topics.of_unit(step.connection, row["province"], row["unit"])
    return tuple(topic["topic_id"] for topic in found)
