"""Carrying out what people ask of opinions: resolve, decide, record, answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake import read_model
from services.intake.commands import Command, ReceiveOpinion
from services.intake.decider import OPINION
from services.intake.receipt import receipt_number
from shared.contracts.intake import OpinionDimensions
from shared.contracts.vocabulary import Level, OpinionKind, ReferenceKind, Visibility
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import BadInput, NotFound, Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.web.perform import Body, Step

RULES_OF_A_RECEPTION = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.FIELDS)
"""What says where an opinion is from, what about, and how long ago it may be."""


def receive(opened: Runtime, province: Province, body: dict[str, Any], step: Step) -> Body:
    """Record one reported opinion and return its id, receipt number and version.

    Raises:
        Refused: as the decider; a denunciation before its text goes anywhere.
        BadInput: as `shared.vault.checked_text`.

    """
    if body["opinion_kind"] is OpinionKind.DENUNCIATION:
        raise Refused("opinion.denunciation_not_stored")
    today = civil_date(step.at)
    received_on = body["received_on"]
    unit = province.unit(body["unit"], received_on)
    opinion_id = derived_id("opinion", step.command_id)
    ref = opened.vault.put(
        step.connection,
        text_id=derived_id("narrative", opinion_id),
        text=body["text"],
        province=province.slug,
        visibility=Visibility.RESTRICTED,
    )
    command = ReceiveOpinion(
        dimensions=OpinionDimensions(
            opinion_id=opinion_id,
            unit=unit.key,
            level=unit.level,
            field=province.field(body["field"], received_on).key,
            opinion_kind=body["opinion_kind"],
            channel=body["channel"],
            organisation=province.organisation(body["organisation"], received_on).key,
            voices=body["voices"],
            received_on=received_on,
        ),
        receipt=receipt_number(opinion_id),
        text=ref,
        entered_by=step.actor,
        today=today,
        backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
        received_level=level_of(province, body["organisation"], received_on),
    )
    references = province.references(*RULES_OF_A_RECEPTION)
    task = task_for(step, opinion_id, command, references=references)
    (outcome,) = execute(opened.ledger.log(province.slug), step.tx, OPINION, [task])
    return {"opinion_id": opinion_id, "receipt": command.receipt, "version": outcome.version}


def level_of(province: Province, organisation: str, on: date) -> Level | None:
    """Return the level of the unit that an organisation belongs to; None when nobody knows."""
    body = province.organisations.on(organisation, on)
    unit = None if body is None else province.territory.on(body.unit, on)
    return None if unit is None else unit.level


def province_of(
    connection: sa.Connection, opinion_ids: Sequence[str], *, scope: str | None = None
) -> str:
    """Return the one province that all `opinion_ids` belong to: `scope`, if one is given.

    Raises:
        NotFound: `opinion.unknown` when any of them is, or lies outside `scope`.
        BadInput: `opinion.several_provinces`.

    """
    known = read_model.known(connection, opinion_ids, province=scope)
    if len(known) < len(set(opinion_ids)):
        raise NotFound("opinion.unknown")
    provinces = set(known.values())
    if len(provinces) > 1:
        raise BadInput("opinion.several_provinces")
    return provinces.pop()


def refuse_unroutable(row: sa.RowMapping, province: Province, today: date) -> None:
    """Return when the routing table has an agency today for the opinion in `row`.

    Asked before the referral is recorded: whoever carries it out can't refuse any more.

    Raises:
        Refused: as `Province.route`, such as `province.unknown_unit` for a unit that was
            abolished since; then the agency has to be chosen by hand.

    """
    province.route(row["field"], Level(row["level"]), today, unit=row["unit"])


def task_for(
    step: Step,
    opinion_id: str,
    command: Command,
    *,
    expected_version: int | None = None,
    references: str = "",
    part: str | None = None,
) -> Task[Command]:
    """Return the task by which the step's caller asks `command` of one opinion.

    `part` tells commands of one step for one opinion apart.
    """
    parts = (opinion_id,) if part is None else (opinion_id, part)
    return Task(
        stream=f"opinion-{opinion_id}",
        command=command,
        command_id=derived_id(step.command_id, *parts),
        actor=step.actor,
        at=step.at,
        expected_version=expected_version,
        references=references,
    )
