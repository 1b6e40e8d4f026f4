"""Denunciations leave the system: of each only a stub is kept.

Source: Luật Tố cáo: the denouncer's identity is a state secret.
"""

from services.intake import erasure, opinions
from services.intake.asking import Asked
from services.intake.commands_course import EraseNarrative
from services.intake.commands_screening import KeepStub
from services.intake.decider import OPINION
from services.intake.records import STUB
from shared.contracts.vocabulary import DeclineReason, OpinionKind, ReferenceKind
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.provinces import Province
from shared.runtime import Runtime
from shared.territory import Unit
from shared.web.perform import Step


def keep(
    opened: Runtime, province: Province, step: Step, *, stub_id: str, unit: Unit, redirect: str
) -> None:
    """Keep that there was a denunciation.

    Raises:
        Refused: `province.unknown_agency`, `province.agency_not_competent`.

    """
    on = civil_date(step.at)
    command = KeepStub(
        stub_id=stub_id,
        unit=unit.key,
        level=unit.level,
        redirect=province.agency(redirect, on).key,
        on=on,
    )
    task = Task(
        stream=f"denunciation-{stub_id}",
        command=command,
        command_id=derived_id(step.command_id, stub_id),
        actor=step.actor,
        at=step.at,
        references=province.references(ReferenceKind.PROVINCE),
    )
    execute(opened.ledger.log(province.slug), step.tx, STUB, [task])


def let_go(asked: Asked, reason: DeclineReason, redirect: str | None) -> None:
    """Erase the texts of an opinion that was declined as a denunciation; keep a stub."""
    is_denunciation = asked.row["opinion_kind"] == OpinionKind.DENUNCIATION
    if redirect is None or not (is_denunciation or reason is DeclineReason.DENUNCIATION):
        return
    texts = erasure.destroy(asked)
    task = opinions.task_for(
        asked.step,
        asked.opinion_id,
        EraseNarrative(on=civil_date(asked.step.at), texts=texts),
        part="erased",
    )
    execute(asked.log, asked.step.tx, OPINION, [task])
    unit = asked.province.unit(asked.row["unit"], asked.row["received_on"])
    stub_id = derived_id("denunciation", asked.opinion_id)
    keep(asked.opened, asked.province, asked.step, stub_id=stub_id, unit=unit, redirect=redirect)
