"""Resolving what people ask after the room: minutes, corrections, publication."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions import queries
from services.sessions.conclusion_commands import (
    ApproveMinutes,
    CorrectMinutes,
    DueDay,
    PublishResults,
)
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.kernel.clock import civil_date
from shared.kernel.errors import Conflict, Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.vault import Purpose
from shared.web.perform import Step


def approval(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> ApproveMinutes:
    """Return the command to make the minutes final.

    Raises:
        Refused: `session.minutes_approved` when other ones are.

    """
    return ApproveMinutes(
        on=civil_date(step.at), approver=step.actor, text=_kept(opened, row, body, step, 0)
    )


def correction(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> CorrectMinutes:
    """Return the command to say something else than the approved minutes."""
    number = len(queries.minutes_of(step.connection, row["session_id"]))
    return CorrectMinutes(
        on=civil_date(step.at),
        approver=step.actor,
        reason=body["reason"],
        text=_kept(opened, row, body, step, number),
    )


def publication(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> PublishResults:
    """Return the command to note that results are public, with the last day in time."""
    today = civil_date(step.at)
    return PublishResults(
        published_on=body["published_on"],
        today=today,
        due=due_day(
            opened.province(row["province"]), "result_publication_due", row["held_on"] or today
        ),
    )


def due_day(province: Province, key: str, held_on: date) -> DueDay:
    """Return until when what `key` limits had to be done, counted from the session's day."""
    deadline = province.due(key, held_on)
    return DueDay(due_on=deadline.due_on, citation=deadline.citation)


def minutes(
    opened: Runtime,
    connection: sa.Connection,
    row: sa.RowMapping,
    *,
    reader: str,
    purpose: Purpose,
) -> list[dict[str, Any]]:
    """Return the minutes and their corrections with their texts; each reading is logged."""
    return [
        {
            "correction": each["correction"],
            "on": each["on_day"].isoformat(),
            "approver": each["approver"],
            "reason": each["reason"],
            "text": opened.vault.read(
                connection, text_id=each["text_id"], reader=reader, purpose=purpose
            ),
        }
        for each in queries.minutes_of(connection, row["session_id"])
    ]


def _kept(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step, number: int
) -> TextRef:
    try:
        return opened.vault.put(
            step.connection,
            text_id=derived_id("minutes", row["session_id"], str(number)),
            text=body["text"],
            province=row["province"],
            visibility=Visibility.RESTRICTED,
        )
    except Conflict:
        # Only approved minutes are in the vault: refused ones are rolled back.
        raise Refused("session.minutes_approved") from None
