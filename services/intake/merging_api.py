"""Merging, splitting and withdrawing over HTTP."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import opinions, plans
from services.intake.answer_schemas import VersionsSchema
from services.intake.asking import Asked, ask, ask_of
from services.intake.commands import ReceiveOpinion
from services.intake.commands_course import WithdrawOpinion
from services.intake.commands_screening import SplitOpinion
from services.intake.plans import Plan
from services.intake.receipt import receipt_number
from services.intake.schemas import Opinions
from services.intake.schemas_course import Merge, Split, Withdraw
from services.intake.states import Known
from shared.access import Action
from shared.contracts.vocabulary import OpinionKind, Visibility
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.kernel.ids import derived_id

blueprint = Blueprint("merging", __name__, description="Gộp, tách, rút ý kiến")


@blueprint.route("/opinions/merge")
class Merging(MethodView):
    """One opinion stands for others."""

    @blueprint.arguments(Merge)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Merge one or several opinions into one of the same province, all or none."""
        head_id = str(body["head_id"])

        def make(asked: Asked) -> Plan:
            states = asked.states([asked.opinion_id, head_id])
            return plans.merge(
                asked.opinion_id,
                head_id,
                states,
                similarity_permille=body["similarity_permille"],
                algorithm=body["algorithm"],
            )

        return ask(Action.MERGE_OPINIONS, body, make, one_by_one=True)


@blueprint.route("/opinions/unmerge")
class Unmerging(MethodView):
    """Merged opinions stand for themselves again."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Undo the merges of one or several opinions, all or none."""

        def make(asked: Asked) -> Plan:
            return plans.unmerge(asked.opinion_id, asked.states([asked.opinion_id]))

        return ask(Action.MERGE_OPINIONS, body, make, one_by_one=True)


@blueprint.route("/opinions/withdraw")
class Withdrawing(MethodView):
    """Opinions are taken back."""

    @blueprint.arguments(Withdraw)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Withdraw one or several opinions, all or none; what they stood for goes on."""

        def make(asked: Asked) -> Plan:
            command = WithdrawOpinion(
                on=civil_date(asked.step.at),
                reason=body["reason"],
                keep_ex_officio=body["keep_ex_officio"],
            )
            states = asked.states([asked.opinion_id])
            states |= asked.states(plans.concerned(asked.opinion_id, states))
            return plans.withdraw(asked.opinion_id, states, command)

        return ask(Action.WITHDRAW_OPINION, body, make, one_by_one=True)


@blueprint.route("/opinions/<uuid:opinion_id>/split")
class Splitting(MethodView):
    """An opinion that is several matters gives way to its parts."""

    @blueprint.arguments(Split)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], opinion_id: UUID) -> Response:
        """Split the opinion; answers the versions of the opinion and of its parts."""
        rules = opinions.RULES_OF_A_RECEPTION

        def make(asked: Asked) -> Plan:
            return _split(asked, body["parts"])

        return ask_of(Action.MERGE_OPINIONS, [str(opinion_id)], make, *rules)


def _split(asked: Asked, parts: list[dict[str, Any]]) -> Plan:
    """Return how the parts are received, each with a text of its own."""
    state = asked.states([asked.opinion_id])[asked.opinion_id]
    if not isinstance(state, Known):
        raise Refused("opinion.not_known", state="unknown")
    if any(part["opinion_kind"] is OpinionKind.DENUNCIATION for part in parts):
        raise Refused("opinion.denunciation_not_stored")
    step, province, whole = asked.step, asked.province, state.dimensions
    part_ids = tuple(
        derived_id("part", step.command_id, asked.opinion_id, str(number))
        for number in range(len(parts))
    )
    plan: Plan = [(asked.opinion_id, SplitOpinion(part_ids=part_ids))]
    for part_id, part in zip(part_ids, parts, strict=True):
        ref = asked.opened.vault.put(
            step.connection,
            text_id=derived_id("narrative", part_id),
            text=part["text"],
            province=province.slug,
            visibility=Visibility.RESTRICTED,
        )
        dimensions = replace(
            whole,
            opinion_id=part_id,
            field=province.field(part["field"], whole.received_on).key,
            opinion_kind=part["opinion_kind"],
            voices=part["voices"],
        )
        today = civil_date(step.at)
        command = ReceiveOpinion(
            dimensions=dimensions,
            receipt=receipt_number(part_id),
            text=ref,
            entered_by=step.actor,
            today=today,
            backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
            received_level=state.reception.received_level,
            part_of=asked.opinion_id,
        )
        plan.append((part_id, command))
    return plan
