"""The daily look at duties to hold sessions. Only what was met or missed is recorded."""

import logging
from collections import defaultdict
from contextlib import suppress
from datetime import date, datetime

import sqlalchemy as sa

from services.sessions.duties import Duty, duties
from services.sessions.obligations import OBLIGATION, Counted, NoticeObligation, stream_of
from services.sessions.tables import obligation, session
from shared.contracts.vocabulary import ReferenceKind, SessionKind
from shared.eventlog import EventLog, Task, actor_of, execute
from shared.eventlog.log import LogFrozen
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.runtime import Runtime

HELD = ("held", "minuted", "concluded", "completed")
TASKS_AT_ONCE = 200

_log = logging.getLogger(__name__)

_Held = dict[str, list[tuple[str | None, Counted]]]
"""By unit: who chaired, and the session."""


def notice_obligations(runtime: Runtime, province: str | None = None) -> int:
    """Return how many duties were found met or missed now; `province` None looks at all.

    Looked at are the periods of this year and of the last that began when the province's
    log was there: of earlier ones not every session is known here. In a province whose
    logs are closed nothing is looked at any more.

    Raises:
        NotFound: `province.unknown`.
        LogFrozen: `eventlog.frozen` when `province` is closed.

    """
    if province is not None:
        return _notice_in(runtime, runtime.ledger.log(province))
    noticed = 0
    for log in runtime.ledger.logs.values():
        with suppress(LogFrozen):
            noticed += _notice_in(runtime, log)
    return noticed


def _notice_in(runtime: Runtime, log: EventLog) -> int:
    first = log.read(-1, limit=1)
    if not first:
        return 0
    began_on = civil_date(datetime.fromisoformat(first[0].recorded().time))
    today = civil_date(runtime.clock())
    province = runtime.province(log.province)
    watched = [
        duty
        for year in (today.year - 1, today.year)
        for duty in duties(province, year)
        if began_on <= duty.period_from <= today
    ]
    noticed = 0
    for start in range(0, len(watched), TASKS_AT_ONCE):
        noticed += _notice_page(runtime, log, watched[start : start + TASKS_AT_ONCE])
    if noticed:
        _log.info("%s: %d duties met or missed", log.origin, noticed)
    return noticed


def _notice_page(runtime: Runtime, log: EventLog, watched: list[Duty]) -> int:
    now = runtime.clock()
    today = civil_date(now)
    references = runtime.province(log.province).references(
        ReferenceKind.PROVINCE, ReferenceKind.REGULATION
    )
    with runtime.store.write() as tx:
        log.lock(tx)  # so that no session ends between the look and the record
        said = _said(tx.connection, [duty.obligation_id for duty in watched])
        held = _held(tx.connection, log.province, watched)
        tasks = []
        for duty in watched:
            state = said.get(duty.obligation_id)
            command = NoticeObligation(duty=duty, held=_counted(duty, held), today=today)
            is_enough = len(command.held) >= duty.required
            is_over = state is None and today > duty.period_to
            if state != "met" and (is_enough or is_over):
                tasks.append(_task(runtime, command, now, is_enough, references))
        outcomes = execute(log, tx, OBLIGATION, tasks)
    return sum(len(outcome.appended) for outcome in outcomes)


def _task(
    runtime: Runtime,
    command: NoticeObligation,
    now: datetime,
    is_enough: bool,  # noqa: FBT001 - what is going to be said
    references: str,
) -> Task[NoticeObligation]:
    what = "met" if is_enough else "missed"
    return Task(
        stream=stream_of(command.duty.obligation_id),
        command=command,
        command_id=derived_id("obligation", command.duty.obligation_id, what),
        actor=actor_of(runtime.name),
        at=now,
        references=references,
    )


def _counted(duty: Duty, held: _Held) -> tuple[Counted, ...]:
    return tuple(
        counted
        for chair, counted in held.get(duty.unit, [])
        if duty.period_from <= counted.held_on <= duty.period_to and duty.head in (None, chair)
    )


def _said(connection: sa.Connection, obligation_ids: list[str]) -> dict[str, str]:
    columns = obligation.c
    query = sa.select(columns.obligation_id, columns.state).where(
        columns.obligation_id.in_(obligation_ids)
    )
    return {row.obligation_id: row.state for row in connection.execute(query)}


def _held(connection: sa.Connection, province: str, watched: list[Duty]) -> _Held:
    columns = session.c
    first_on: date = min(duty.period_from for duty in watched)
    query = sa.select(columns.unit, columns.chair, columns.session_id, columns.held_on).where(
        columns.province == province,
        columns.unit.in_(sorted({duty.unit for duty in watched})),
        columns.calendar_on >= first_on,
        columns.session_kind == SessionKind.PERIODIC,
        columns.state.in_(HELD),
    )
    found: _Held = defaultdict(list)
    for row in connection.execute(query):
        counted = Counted(session_id=row.session_id, held_on=row.held_on)
        found[row.unit].append((row.chair, counted))
    return found
