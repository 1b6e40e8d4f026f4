"""The daily look at all that is awaited. Only what follows is recorded, never the look itself."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import sqlalchemy as sa

from services.assignment import rules
from services.assignment.commands import ClimbLadder, Command, NoticeSilence, RecomputeDeadline
from services.assignment.deadlines import notice_missed
from services.assignment.decider import DECIDER
from services.assignment.ladder import working_days_after
from services.assignment.reactions import stream_of
from services.assignment.read_model import LIVE, RUNNING, Row
from services.assignment.succession import succeed
from services.assignment.tables import assignment, triage
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import EventLog, Task, actor_of, execute
from shared.eventlog.log import LogFrozen
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime

PAGE_MAX_ASSIGNMENTS = 500
_RULES = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.CALENDAR)

_log = logging.getLogger(__name__)

Look = Callable[[Province, date, Row], Command | None]
"""What a look asks of one row; None where there is nothing to do."""


def look_daily(runtime: Runtime, province: str | None = None) -> tuple[int, int]:
    """Return how many events were recorded now, and how many of them are missed deadlines.

    In this order: due dates by the calendar of now, agencies that are no more, silence that
    is acceptance, what is missed, who has to hear of it. A second look on the same day
    records nothing more. A province whose logs are closed is passed over.

    Raises:
        NotFound: `province.unknown`.
        LogFrozen: `eventlog.frozen` when `province` is closed.

    """
    if province is not None:
        return _look_in(runtime, runtime.ledger.log(province))
    recorded = missed = 0
    for log in runtime.ledger.logs.values():
        with suppress(LogFrozen):
            found = _look_in(runtime, log)
            recorded, missed = recorded + found[0], missed + found[1]
    return recorded, missed


def _look_in(runtime: Runtime, log: EventLog) -> tuple[int, int]:
    before = sum(
        _carry_out(runtime, log, purpose, query, look)
        for purpose, query, look in (
            ("deadline-recomputed", _COUNTED, recompute),
            ("agency-succeeded", _HELD, inherit),
            ("accepted-by-silence", _SILENT, notice_silence),
        )
    )
    missed = notice_missed(runtime, log.province)
    after = _carry_out(runtime, log, "ladder-climbed", _RUNNING, climb)
    return before + missed + after, missed


def recompute(province: Province, today: date, row: Row) -> Command | None:
    """Count the limit again, where the calendar gives another day."""
    start = rules.day_zero(province, row["issued_on"], row["counted_from_on"])
    days = row["deadline_working_days"] + row["paused_working_days"] + row["extended_working_days"]
    if province.calendar.add_working_days(start, days) == row["due_on"] or row["due_on"] < today:
        return None
    return RecomputeDeadline(today=today, counted_from_on=start, calendar=province.calendar)


def notice_silence(province: Province, today: date, row: Row) -> Command | None:
    """Ask whether the agency has been silent for too long to refuse."""
    days, citation = rules.silence(province, today)
    if today <= province.calendar.add_working_days(row["lead_since"], days):
        return None
    return NoticeSilence(
        today=today, working_days=days, citation=citation, calendar=province.calendar
    )


def climb(province: Province, today: date, row: Row) -> Command | None:
    """Ask who has to hear, where a step of the ladder is reached and not recorded."""
    ladder = rules.ladder(province, today)
    now = working_days_after(row["due_on"], today, province.calendar)
    reached = [step.after_due_working_days for step in ladder if step.after_due_working_days <= now]
    last = row["ladder_working_days"]
    if not reached or (last is not None and last >= reached[-1]):
        return None
    return ClimbLadder(today=today, ladder=ladder, calendar=province.calendar)


def inherit(province: Province, today: date, row: Row) -> Command | None:
    """Give the matter of an agency that is no more to whoever has its duties."""
    return succeed(row["agency"], province, today)


def _carry_out(
    runtime: Runtime, log: EventLog, purpose: str, candidates: sa.ColumnElement[bool], look: Look
) -> int:
    """Return how many events came of looking at all rows of `candidates`, page by page."""
    recorded, after = 0, ""
    province = runtime.province(log.province)
    while True:
        now = runtime.clock()
        today = civil_date(now)
        with runtime.store.write() as tx:
            log.lock(tx)
            rows = _page(tx.connection, log.province, candidates, after)
            asked = [(row["assignment_id"], look(province, today, row)) for row in rows]
            tasks: list[Task[Command]] = [
                Task(
                    stream=stream_of(assignment_id),
                    command=command,
                    command_id=derived_id(purpose, assignment_id, today.isoformat()),
                    actor=actor_of(runtime.name),
                    at=now,
                    references=province.references(*_RULES),
                )
                for assignment_id, command in asked
                if command is not None
            ]
            outcomes = execute(log, tx, DECIDER, tasks)
        recorded += sum(len(each.appended) for each in outcomes if not each.repeated)
        if len(rows) < PAGE_MAX_ASSIGNMENTS:
            break
        after = rows[-1]["assignment_id"]
    if recorded:
        _log.info("%s: %d times %s", log.origin, recorded, purpose)
    return recorded


def _page(
    connection: sa.Connection, province: str, candidates: sa.ColumnElement[bool], after: str
) -> list[Row]:
    columns = assignment.c
    query = (
        sa.select(assignment)
        .where(columns.province == province, columns.assignment_id > after, candidates)
        .order_by(columns.assignment_id)
        .limit(PAGE_MAX_ASSIGNMENTS)
    )
    return list(connection.execute(query).mappings())


_COLUMNS = assignment.c
_IN_TRIAGE = sa.exists().where(triage.c.assignment_id == _COLUMNS.assignment_id)
_COUNTED = (
    _COLUMNS.state.in_(LIVE)
    & _COLUMNS.missed.is_(False)
    & _COLUMNS.deadline_working_days.is_not(None)
)
"""Limits in working days that are still in time."""
_HELD = _COLUMNS.state.in_(LIVE) & ~_IN_TRIAGE
_SILENT = (_COLUMNS.state == "issued") & ~_IN_TRIAGE
_RUNNING = _COLUMNS.state.in_(RUNNING)
