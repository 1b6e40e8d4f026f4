"""One step of an assignment by HTTP: who may, what is asked, how it stands afterwards."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Response, request

from services.assignment import read_model
from services.assignment.commands import Command
from services.assignment.decider import DECIDER
from services.assignment.reactions import stream_of
from services.assignment.scope import known_to
from shared.access import Action
from shared.contracts.vocabulary import LegRole, ReferenceKind
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound
from shared.kernel.ids import derived_id
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Step, expected_version, perform

Asked = Callable[[read_model.Row, Step], Command]
"""What is asked of an assignment as it stands under the log's lock."""


def take_step(
    action: Action,
    assignment_id: str,
    body: dict[str, Any],
    command: Asked,
    *rules: ReferenceKind,
    agency: str | None = None,
) -> Response:
    """Return the assignment after the caller's `command` on it, which rests on `rules`.

    The right is asked for `agency`, the lead's own when None.
    """
    known, opened = allowed_somewhere(action), runtime()
    with opened.store.read() as connection:
        (row,) = known_to(connection, known, [assignment_id])
    allowed(action, province=row["province"], agency=agency or row["agency"])
    check_province(row, body)
    version = expected_version(request)

    def work(step: Step) -> tuple[int, dict[str, Any]]:
        opened.ledger.log(row["province"]).lock(step.tx)
        now = read_model.one(step.connection, assignment_id)
        references = opened.province(row["province"]).references(*rules)
        execute_all(step, [now], command(now, step), version, references)
        changed = read_model.one(step.connection, assignment_id)
        return 200, shown(step.connection, [changed])[0]

    return perform(opened, known, work)


def execute_all(
    step: Step,
    rows: Sequence[read_model.Row],
    command: Command,
    version: int | None = None,
    references: str = "",
) -> None:
    """Carry `command` out on the assignments of `rows`, all of them or none."""
    tasks = [
        Task(
            stream=stream_of(row["assignment_id"]),
            command=command,
            command_id=derived_id(step.command_id, row["assignment_id"]),
            actor=step.actor,
            at=step.at,
            expected_version=version,
            references=references,
        )
        for row in rows
    ]
    execute(runtime().ledger.log(rows[0]["province"]), step.tx, DECIDER, tasks)


def shown(connection: sa.Connection, rows: Sequence[read_model.Row]) -> list[dict[str, Any]]:
    """Return assignments as JSON values: codes, ids and dates, no word of any text."""
    ids = [row["assignment_id"] for row in rows]
    opinions = read_model.opinions(connection, ids)
    legs = read_model.legs(connection, ids)
    contributions = read_model.contributions(connection, ids)
    today = civil_date(runtime().clock())
    return [
        {
            **as_json(row),
            "cooperating_agencies": [
                leg["agency"]
                for leg in legs[row["assignment_id"]]
                if leg["role"] == LegRole.COOPERATING
            ],
            "legs": [as_json(leg, "assignment_id", "place") for leg in legs[row["assignment_id"]]],
            "contributions": [
                as_json(each, "assignment_id") for each in contributions[row["assignment_id"]]
            ],
            "opinion_ids": list(opinions.get(row["assignment_id"], ())),
            "is_overdue": row["state"] in read_model.RUNNING and row["due_on"] < today,
            "days_left": (row["due_on"] - today).days if row["state"] in read_model.LIVE else None,
        }
        for row in rows
    ]


def as_json(row: read_model.Row, *without: str) -> dict[str, Any]:
    """Return a row as JSON values."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name not in without
    }


def check_province(row: read_model.Row, body: dict[str, Any]) -> None:
    """Refuse a request for another province's assignment: NotFound `assignment.unknown`."""
    if body.get("province") not in (None, row["province"]):
        raise NotFound("assignment.unknown")
