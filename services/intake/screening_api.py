"""Screening over HTTP: acknowledged, asked back, classified; and what waits, and for how long."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import denunciations, limits, waiting
from services.intake.answer_schemas import VersionsSchema
from services.intake.asking import Asked, ask
from services.intake.commands_screening import (
    AcknowledgeHandover,
    AcknowledgeReceipt,
    ClassifyOpinion,
    NotifyForwarding,
    ProvideClarification,
    RequestClarification,
)
from services.intake.limits import RULES_OF_A_LIMIT
from services.intake.schemas import Opinions
from services.intake.schemas_course import Classify, Handover, Stub, Words
from shared.access import Action
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import ReferenceKind, Visibility
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.kernel.ids import derived_id
from shared.web.callers import allowed
from shared.web.current import runtime
from shared.web.perform import perform
from shared.web.schemas import Page, ProvinceBody

blueprint = Blueprint("screening", __name__, description="Sàng lọc ý kiến")


@blueprint.route("/opinions/acknowledge")
class Acknowledging(MethodView):
    """The reporters were told that their opinions are here."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Acknowledge receipt of one or several opinions, all or none."""

        def make(asked: Asked) -> AcknowledgeReceipt:
            deadline = limits.limit(asked.province, limits.ACKNOWLEDGE, asked.row["received_on"])
            return AcknowledgeReceipt(on=civil_date(asked.step.at), deadline=deadline)

        return ask(Action.ACKNOWLEDGE_OPINION, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/acknowledge-handover")
class HandingOver(MethodView):
    """An organisation has opinions from the one that reported them."""

    @blueprint.arguments(Handover)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Acknowledge that an organisation has one or several opinions, all or none."""

        def make(asked: Asked) -> AcknowledgeHandover:
            on = civil_date(asked.step.at)
            receiver = asked.province.organisation(body["receiver"], on).key
            deadline = limits.limit(asked.province, limits.ACKNOWLEDGE, asked.row["received_on"])
            return AcknowledgeHandover(receiver=receiver, on=on, deadline=deadline)

        return ask(Action.ACKNOWLEDGE_OPINION, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/clarify")
class AskingBack(MethodView):
    """The reporters are asked what is meant."""

    @blueprint.arguments(Words)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Ask the reporters of one or several opinions; the screening clock stands still."""

        def make(asked: Asked) -> RequestClarification:
            on = civil_date(asked.step.at)
            deadline = limits.limit(asked.province, limits.CLARIFICATION, on)
            text = _kept(asked, "question", body["text"])
            return RequestClarification(on=on, deadline=deadline, text=text)

        return ask(Action.SCREEN_OPINION, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/clarified")
class Clarified(MethodView):
    """The reporters replied."""

    @blueprint.arguments(Words)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record the reply; the screening clock goes on."""

        def make(asked: Asked) -> ProvideClarification:
            on = civil_date(asked.step.at)
            asked_on = asked.row["clarification_requested_on"] or on
            paused = asked.province.calendar.working_days_between(asked_on, on)
            text = _kept(asked, "reply", body["text"])
            return ProvideClarification(on=on, paused_working_days=paused, text=text)

        rules = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)
        return ask(Action.SCREEN_OPINION, body, make, *rules)


@blueprint.route("/opinions/classify")
class Classifying(MethodView):
    """Screening finds what opinions are about."""

    @blueprint.arguments(Classify)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Classify one or several opinions, all or none."""

        def make(asked: Asked) -> ClassifyOpinion:
            on = civil_date(asked.step.at)
            return ClassifyOpinion(
                opinion_kind=body["opinion_kind"],
                field=asked.province.field(body["field"], on).key,
                competent_level=body["competent_level"],
                urgency=body["urgency"],
            )

        return ask(Action.SCREEN_OPINION, body, make, ReferenceKind.PROVINCE, ReferenceKind.FIELDS)


@blueprint.route("/opinions/notify-forwarding")
class Forwarding(MethodView):
    """The reporters were told where declined matters belong."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record that the reporters of declined opinions know who is competent."""

        def make(asked: Asked) -> NotifyForwarding:
            declined_on = asked.row["screened_on"]
            if declined_on is None:
                raise Refused("opinion.not_redirected", state=asked.row["state"])
            deadline = limits.limit(asked.province, limits.FORWARDING, declined_on)
            return NotifyForwarding(on=civil_date(asked.step.at), deadline=deadline)

        return ask(Action.ACKNOWLEDGE_OPINION, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/denunciations")
class Denunciations(MethodView):
    """Denunciations are no opinions: nothing but a stub is kept."""

    @blueprint.arguments(Stub)
    @blueprint.response(201)
    def post(self, body: dict[str, Any]) -> Response:
        """Keep that a denunciation was brought, and who is competent; answers the stub's id."""
        known = allowed(Action.ENTER_OPINION, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])

        def work(step: Any) -> tuple[int, dict[str, Any]]:
            on = civil_date(step.at)
            unit = province.unit(body["unit"], on)
            stub_id = derived_id("denunciation", step.command_id)
            denunciations.keep(
                opened, province, step, stub_id=stub_id, unit=unit, redirect=body["redirect"]
            )
            return 201, {"stub_id": stub_id}

        return perform(opened, known, work)


@blueprint.route("/opinions/screening")
class ScreeningQueue(MethodView):
    """What waits for screening."""

    @blueprint.arguments(Page, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """List opinions in screening, the longest waiting first, each with its deadline."""
        allowed(Action.READ_OPINIONS, province=query["province"])
        province = runtime().province(query["province"])
        with runtime().store.read() as connection:
            page = waiting.queue(connection, province, after=query["after"], limit=query["limit"])
        return jsonify(page)


@blueprint.route("/opinions/late")
class Late(MethodView):
    """Who is silent for too long."""

    @blueprint.arguments(ProvinceBody, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """List how many opinions each organisation has left waiting beyond the limit, by step."""
        allowed(Action.READ_OPINIONS, province=query["province"])
        province = runtime().province(query["province"])
        with runtime().store.read() as connection:
            late = waiting.late(connection, province, civil_date(runtime().clock()))
        return jsonify({"late": late})


def _kept(asked: Asked, what: str, text: str | None) -> TextRef | None:
    """Return the reference to `text`, kept in the vault."""
    if text is None:
        return None
    return asked.opened.vault.put(
        asked.step.connection,
        text_id=derived_id(what, asked.step.command_id, asked.opinion_id),
        text=text,
        province=asked.province.slug,
        visibility=Visibility.RESTRICTED,
    )
