"""The daily look at due dates. Only what was missed is recorded, never the look itself."""

import logging
from contextlib import suppress

from services.assignment import read_model
from services.assignment.commands import Command, NoticeDeadline
from services.assignment.decider import DECIDER
from services.assignment.reactions import stream_of
from shared.eventlog import EventLog, Task, actor_of, execute
from shared.eventlog.log import LogFrozen
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.runtime import Runtime

PAGE_MAX_ASSIGNMENTS = 500

_log = logging.getLogger(__name__)


def notice_missed(runtime: Runtime, province: str | None = None) -> int:
    """Return how many misses were recorded now; `province` None looks at every province.

    An assignment whose last day is yesterday or earlier by the runtime's clock, in Viet
    Nam's time, and whose answer is not released, has missed its deadline. A second look
    on the same day finds nothing more.

    In a province whose logs are closed nothing is looked at any more.

    Raises:
        NotFound: `province.unknown`.
        LogFrozen: `eventlog.frozen` when `province` is closed.

    """
    if province is not None:
        return _notice_in(runtime, runtime.ledger.log(province))
    missed = 0
    for log in runtime.ledger.logs.values():
        with suppress(LogFrozen):
            missed += _notice_in(runtime, log)
    return missed


def _notice_in(runtime: Runtime, log: EventLog) -> int:
    missed = 0
    while True:
        looked_at, found = _notice_page(runtime, log)
        missed += found
        if looked_at < PAGE_MAX_ASSIGNMENTS or not found:
            break
    if missed:
        _log.info("%s: %d deadlines missed", log.origin, missed)
    return missed


def _notice_page(runtime: Runtime, log: EventLog) -> tuple[int, int]:
    """Return how many assignments were looked at, and how many of them were missed now."""
    now = runtime.clock()
    today = civil_date(now)
    with runtime.store.write() as tx:
        log.lock(tx)  # so that nobody releases between the look and the record
        ids = read_model.overdue_unnoticed(tx.connection, log.province, today, PAGE_MAX_ASSIGNMENTS)
        tasks: list[Task[Command]] = [
            Task(
                stream=stream_of(assignment_id),
                command=NoticeDeadline(today=today),
                command_id=derived_id("deadline-missed", assignment_id, today.isoformat()),
                actor=actor_of(runtime.name),
                at=now,
            )
            for assignment_id in ids
        ]
        outcomes = execute(log, tx, DECIDER, tasks)
    return len(ids), sum(len(outcome.appended) for outcome in outcomes)
