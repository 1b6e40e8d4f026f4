"""The daily look at what lapses and what can be closed. Only effects are recorded."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime

import sqlalchemy as sa

from services.intake import known_sessions, limits, read_model
from services.intake.commands import Command
from services.intake.commands_course import CloseOpinion, LapseFeedback
from services.intake.commands_screening import LapseClarification
from services.intake.decider import OPINION
from services.intake.limits import RULES_OF_A_LIMIT
from shared.contracts.vocabulary import Outcome
from shared.eventlog import EventLog, Task, actor_of, execute
from shared.eventlog.log import LogFrozen
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.store import Transaction

PAGE_MAX_OPINIONS = 500

_log = logging.getLogger(__name__)

Lapse = Callable[[sa.RowMapping, Province, date], Command | None]


def look(runtime: Runtime, province: str | None = None) -> dict[str, int]:
    """Return how many clarifications and feedback windows lapsed, how many were closed.

    A limit is over the day after its last day, by the runtime's clock in Viet Nam's time.
    `province` None looks at every province; one whose logs are closed is passed over.

    Raises:
        NotFound: `province.unknown`.
        LogFrozen: `eventlog.frozen` when `province` is closed.

    """
    done = {"clarifications_lapsed": 0, "feedback_lapsed": 0, "closed": 0}
    logs = [runtime.ledger.log(province)] if province else list(runtime.ledger.logs.values())
    for log in logs:
        with suppress(*(() if province else (LogFrozen,))):
            _look_in(runtime, log, done)
    return done


def _look_in(runtime: Runtime, log: EventLog, done: dict[str, int]) -> None:
    for kind, rows, lapse in (
        ("clarifications_lapsed", read_model.unclarified, _unclarified),
        ("feedback_lapsed", read_model.awaiting_feedback, _feedback_over),
        ("closed", read_model.closable, _closing),
    ):
        after = ""
        while True:
            after, found = _page(runtime, log, rows, lapse, after)
            done[kind] += found
            if not after:
                break
        if done[kind]:
            _log.info("%s: %d %s", log.origin, done[kind], kind)


def _page(
    runtime: Runtime, log: EventLog, rows: read_model.Waiting, lapse: Lapse, after: str
) -> tuple[str, int]:
    """Return the last opinion of a full page looked at, and how many of it something befell."""
    now = runtime.clock()
    today = civil_date(now)
    province = runtime.province(log.province)
    with runtime.store.write() as tx:
        log.lock(tx)  # so that nobody replies between the look and the record
        page = rows(tx.connection, log.province, today, after, PAGE_MAX_OPINIONS)
        asked = [(row, lapse(row, province, today)) for row in page]
        asked = [
            (row, command)
            for row, command in asked
            if not isinstance(command, CloseOpinion) or _may_close(tx, row)
        ]
        tasks = list(_tasks(runtime, province, now, asked))
        outcomes = execute(log, tx, OPINION, tasks)
    is_full = len(page) == PAGE_MAX_OPINIONS
    last = str(page[-1]["opinion_id"]) if is_full else ""
    return last, sum(bool(outcome.appended) for outcome in outcomes)


def _tasks(
    runtime: Runtime,
    province: Province,
    now: datetime,
    asked: Iterable[tuple[sa.RowMapping, Command | None]],
) -> Iterable[Task[Command]]:
    for row, command in asked:
        if command is not None:
            opinion_id = row["opinion_id"]
            kind = type(command).__name__
            yield Task(
                stream=f"opinion-{opinion_id}",
                command=command,
                command_id=derived_id(kind, opinion_id, str(row["version"])),
                actor=actor_of(runtime.name),
                at=now,
                references=province.references(*RULES_OF_A_LIMIT),
            )


def _unclarified(_row: sa.RowMapping, _province: Province, today: date) -> Command:
    return LapseClarification(today=today)


def _feedback_over(row: sa.RowMapping, province: Province, today: date) -> Command | None:
    window = limits.limit(province, limits.FEEDBACK, row["answered_on"])
    return LapseFeedback(today=today, window=window) if window.due_on < today else None


def _closing(_row: sa.RowMapping, _province: Province, today: date) -> Command:
    return CloseOpinion(on=today, commitment_stands=True)


def _may_close(tx: Transaction, row: sa.RowMapping) -> bool:
    """Tell whether nothing stands against closing: a plan needs its commitment."""
    if row["outcome"] != Outcome.ACCEPTED_WITH_PLAN:
        return True
    return known_sessions.commitment_stands(tx.connection, row["commitment_id"])
