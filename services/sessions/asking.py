"""How Sessions' addresses ask commands of one session."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Response, request

from services.sessions import queries, sessions
from services.sessions.commands import AnswerOnSpot, Command, RaiseOpinion
from shared.access import Action, Caller
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import Outcome
from shared.kernel.errors import NotFound
from shared.web.callers import allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Body, Step, expected_version, perform

PLACES = (ReferenceKind.PROVINCE, ReferenceKind.FIELDS)
REGULATED = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION)
ARRANGED = (*PLACES, ReferenceKind.REGULATION, ReferenceKind.CALENDAR)
"""What says whether a day may be fixed."""


def ask(
    action: Action,
    session_id: UUID,
    body: dict[str, Any],
    make: Callable[[sa.RowMapping, Step], Sequence[Command]],
    *,
    told: str | None = None,
    rules: Sequence[ReferenceKind] = (),
) -> Response:
    """Ask commands of one session, for a caller who may do `action` in its province.

    They are made under the lock of the province's log, so that what they find to be so
    stays so. `rules` are what they rest on. With `told` the answer lists under that name
    each command's opinion, and whether it was known already.
    """
    opened = runtime()
    known = allowed_somewhere(action)
    row = row_of(session_id, body, known)
    expected = expected_version(request)

    def work(step: Step) -> tuple[int, Body]:
        opened.ledger.log(row["province"]).lock(step.tx)
        commands = make(queries.one(step.connection, str(session_id)), step)
        outcomes = sessions.carry_out(
            opened,
            row["province"],
            str(session_id),
            commands,
            step=step,
            expected_version=expected,
            rules=rules,
        )
        answer: dict[str, Any] = dict(sessions.standing(step.connection, str(session_id)))
        if told is not None:
            answer[told] = [
                {"opinion_id": command.opinion_id, "repeated": not outcome.appended}
                for command, outcome in zip(commands, outcomes, strict=True)
                if isinstance(command, RaiseOpinion | AnswerOnSpot)
            ]
        return 200, answer

    return perform(opened, known, work)


def row_of(session_id: UUID, body: dict[str, Any], known: Caller) -> sa.RowMapping:
    """Return the session, if the caller may know of it. Raises NotFound `session.not_planned`."""
    with runtime().store.read() as connection:
        row = queries.one(connection, str(session_id), province=known.province)
    if body["province"] not in (None, row["province"]):
        raise NotFound("session.not_planned")
    return row


def status(outcome: Outcome) -> int:
    """Return 201 for what is new, 200 for a repeat."""
    return 201 if outcome.appended and not outcome.repeated else 200
