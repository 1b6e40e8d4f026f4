"""Carrying out what people ask of a session: resolve, decide, record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.sessions import queries
from services.sessions.commands import (
    AnswerOnSpot,
    Command,
    OpenSession,
    PlanSession,
    RaiseOpinion,
    RecordAttendance,
    StateCommitment,
)
from services.sessions.decider import SESSION
from services.sessions.reactions import stream_of
from shared.contracts.sessions import SessionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Level, ReferenceKind, Visibility
from shared.eventlog import Outcome, Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.territory import Unit
from shared.web.perform import Body, Step

TEXTS_OWNER = "intake"
"""The service that keeps the words of every opinion."""


def plan(province: Province, body: dict[str, Any], step: Step) -> tuple[str, PlanSession]:
    """Return the session's id and the command to plan it.

    Raises:
        Refused: `province.unknown_unit`, `province.unknown_field`.

    """
    session_id = str(body["session_id"] or derived_id("session", step.command_id))
    unit = _unit_in(province, body["unit"], body["planned_year"])
    today = civil_date(step.at)
    if body["field"] is not None:
        province.field(body["field"], today)
    dimensions = SessionDimensions(
        session_id=session_id,
        unit=unit.key,
        level=unit.level,
        session_kind=body["session_kind"],
        mode=body["mode"],
        field=body["field"],
    )
    triggers = province.regulation.rule("adhoc_triggers", today).as_codes()
    return session_id, PlanSession(
        dimensions=dimensions,
        planned_year=body["planned_year"],
        trigger=body["trigger"],
        adhoc_triggers=triggers,
    )


def opening(
    province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> OpenSession:
    """Return the command to begin, with what the regulation allows and asks for."""
    today = civil_date(step.at)
    held_on = row["held_on"] or today
    quorum, must_be_convened = formalities_of_opening(province, row["level"], held_on)
    return OpenSession(
        chair=body["chair"] or row["chair"] or step.actor,
        head_present=body["head_present"],
        today=today,
        backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
        present=body["present"],
        quorum=quorum,
        must_be_convened=must_be_convened,
    )


def formalities_of_opening(
    province: Province, level: Level, held_on: date
) -> tuple[int | None, bool]:
    """Return how many must be there (None: not ruled), and whether notice must be given."""
    formalities = province.regulation.rule("session_formalities", held_on).as_formalities()
    rule = province.regulation.stated("quorum", held_on)
    quorum = rule.as_per_level().of(level) if rule is not None and formalities.convened else None
    return quorum, formalities.convened


def attendance(province: Province, body: dict[str, Any], step: Step) -> list[RecordAttendance]:
    """Return a command for each group.

    Raises:
        Refused: `session.unknown_group` for one that the regulation's `attendance_groups`
            don't have: a misspelt group would count the same people twice.

    """
    groups = province.regulation.rule("attendance_groups", civil_date(step.at)).as_codes()
    if not {group["group"] for group in body["groups"]} <= set(groups):
        raise Refused("session.unknown_group", groups=groups)
    return [RecordAttendance(**group) for group in body["groups"]]


def raised(
    province: Province, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> list[RaiseOpinion]:
    """Return a command for each opinion; its id derives from the session and the line.

    Raises:
        Refused: `session.text_not_with_intake`, `province.unknown_field`.

    """
    held_on = row["held_on"] or civil_date(step.at)
    commands = []
    for number, line in enumerate(body["opinions"], start=1):
        line_id = str(line["line_id"] or derived_id(step.command_id, str(number)))
        opinion_id = raised_opinion_id(row["session_id"], line_id)
        text = TextRef(**line["text"])
        if text.owner != TEXTS_OWNER or text.visibility is not Visibility.RESTRICTED:
            raise Refused("session.text_not_with_intake", opinion=opinion_id)
        commands.append(
            RaiseOpinion(
                opinion_id=opinion_id,
                field_of_opinion=province.field(line["field"], held_on).key,
                opinion_kind=line["opinion_kind"],
                voices=line["voices"],
                text=text,
            )
        )
    return commands


def raised_opinion_id(session_id: str, line_id: str) -> str:
    """Return the id of an opinion raised in a session: never that of one known elsewhere."""
    return derived_id("raised", session_id, line_id)


def stated(
    opened: Runtime, row: sa.RowMapping, body: dict[str, Any], step: Step
) -> list[StateCommitment]:
    """Return a command for each promise; its words are kept here.

    Raises:
        Refused: `province.unknown_field`, `province.unknown_agency`,
            `province.agency_not_competent`.

    """
    province = opened.province(row["province"])
    held_on = row["held_on"] or civil_date(step.at)
    commands = []
    for number, line in enumerate(body["commitments"], start=1):
        line_id = str(line["line_id"] or derived_id(step.command_id, str(number)))
        statement_id = derived_id("stated", row["session_id"], line_id)
        lead, words = line["lead_agency"], line["product"]
        product = words and opened.vault.put(
            step.connection,
            text_id=derived_id("product", statement_id),
            text=words,
            province=province.slug,
            visibility=Visibility.RESTRICTED,
        )
        commands.append(
            StateCommitment(
                statement_id=statement_id,
                field_of_commitment=province.field(line["field"], held_on).key,
                opinion_ids=tuple(map(str, line["opinion_ids"])),
                lead_agency=province.agency(lead, held_on).key if lead else None,
                due_on=line["due_on"],
                product=product or None,
            )
        )
    return commands


def answers(body: dict[str, Any]) -> list[AnswerOnSpot]:
    """Return a command for each answer."""
    return [
        AnswerOnSpot(opinion_id=str(line["opinion_id"]), outcome=line["outcome"])
        for line in body["answers"]
    ]


def carry_out(
    opened: Runtime,
    province: str,
    session_id: str,
    commands: Sequence[Command],
    *,
    step: Step,
    expected_version: int | None = None,
    rules: Sequence[ReferenceKind] = (),
) -> list[Outcome]:
    """Ask `commands` of one session, in order, all or none; say what became of each.

    `expected_version` is what the caller has seen before the first of them, `rules` what
    they rest on.
    """
    references = opened.province(province).references(*rules)
    tasks: list[Task[Command]] = [
        Task(
            stream=stream_of(session_id),
            command=command,
            command_id=derived_id(step.command_id, session_id, str(number)),
            actor=step.actor,
            at=step.at,
            expected_version=expected_version if number == 0 else None,
            references=references,
        )
        for number, command in enumerate(commands)
    ]
    return execute(opened.ledger.log(province), step.tx, SESSION, tasks)


def standing(connection: sa.Connection, session_id: str) -> Body:
    """Return what every answer says of a session: its id, state and version."""
    row = queries.one(connection, session_id)
    return {"session_id": session_id, "state": row["state"], "version": row["version"]}


def _unit_in(province: Province, key: str, year: int) -> Unit:
    """Return what `key` names in `year`, the latest where that changes within it."""
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    for unit in reversed(province.territory.units.ever(key)):
        if unit.valid_from <= last_on and (unit.valid_to is None or unit.valid_to >= first_on):
            return unit
    raise Refused("province.unknown_unit", unit=key, on=first_on)
