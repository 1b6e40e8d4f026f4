"""Intake over HTTP: opinions, uploads, narratives."""

from typing import Any
from uuid import UUID

from flask import Flask, Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import denunciations, known_sessions, narratives, opinions, read_model
from services.intake.answer_schemas import (
    NarrativesSchema,
    OpinionPageSchema,
    OpinionSchema,
    ReceivedSchema,
    TextSchema,
    VersionsSchema,
)
from services.intake.asking import Asked, ask
from services.intake.commands import (
    ACCEPTOR_IS_NOT_RECEIVER,
    AcceptOpinion,
    DeclineOpinion,
    ReferOpinion,
    ScheduleOpinion,
)
from services.intake.course_api import blueprint as course
from services.intake.merging_api import blueprint as merging
from services.intake.schemas import (
    Decline,
    NewNarratives,
    NewOpinion,
    OpinionQuery,
    Opinions,
    Refer,
    Schedule,
    TextQuery,
)
from services.intake.screening_api import blueprint as screening
from services.intake.sentiments_api import blueprint as sentiments
from services.intake.suggesting_api import blueprint as suggesting
from services.intake.topics_api import blueprint as topics
from services.intake.uploads import blueprint as uploads
from shared import wire
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind, SessionKind, Visibility
from shared.kernel.clock import civil_date
from shared.kernel.ids import derived_id
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.vault import NewText
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Step, perform

blueprint = Blueprint("opinions", __name__, description="Ý kiến, kiến nghị, phản ánh")


def create_app(opened: Runtime) -> Flask:
    """Return Intake's app."""
    beside = (screening, merging, course, suggesting, topics, sentiments, uploads)
    app = make_app(opened, blueprint, *beside, title="Tiếp nhận ý kiến")
    add_pages(app)
    return app


@blueprint.route("/opinions")
class OpinionList(MethodView):
    """All opinions of a province."""

    @blueprint.arguments(NewOpinion)
    @blueprint.response(201, ReceivedSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Receive an opinion; answers its id and the receipt number."""
        known = allowed(Action.ENTER_OPINION, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])
        return perform(
            opened, known, lambda step: (201, opinions.receive(opened, province, body, step))
        )

    @blueprint.arguments(OpinionQuery, location="query")
    @blueprint.response(200, OpinionPageSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List opinions by their ids, without their texts; `next` is `after` the page."""
        allowed(Action.READ_OPINIONS, province=query["province"])
        province = runtime().province(query["province"])
        session_id = query["session_id"]
        with runtime().store.read() as connection:
            rows = read_model.page(
                connection,
                province=province.slug,
                state=query["state"],
                session_id=str(session_id) if session_id else None,
                good_practice=query["good_practice"],
                after=query["after"],
                limit=query["limit"],
            )
        is_full = len(rows) == query["limit"]
        return jsonify(
            {
                "opinions": [read_model.as_json(row) for row in rows],
                "next": rows[-1]["opinion_id"] if is_full else None,
            }
        )


@blueprint.route("/opinions/<uuid:opinion_id>")
class OneOpinion(MethodView):
    """One opinion."""

    @blueprint.response(200, OpinionSchema)
    def get(self, opinion_id: UUID) -> Response:
        """Return the opinion as it is now, without its text."""
        scope = allowed_somewhere(Action.READ_OPINIONS).province
        with runtime().store.read() as connection:
            row = read_model.one(connection, str(opinion_id), province=scope)
            related = read_model.related(connection, str(opinion_id))
        allowed(Action.READ_OPINIONS, province=row["province"])
        response = jsonify({**read_model.as_json(row), **related})
        response.set_etag(str(row["version"]))
        return response


@blueprint.route("/opinions/<uuid:opinion_id>/text")
class OpinionText(MethodView):
    """The narrative of one opinion."""

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200, TextSchema)
    def get(self, query: dict[str, Any], opinion_id: UUID) -> Response:
        """Return the text, as `/texts/<text_id>` does, to who knows the opinion's id only.

        So an agency finds what it has to answer: its assignments and its feed name opinions.
        """
        known = allowed_somewhere(Action.READ_TEXT)
        text_id, text = narratives.of_opinion(runtime(), known, str(opinion_id), query["purpose"])
        return jsonify({"text_id": text_id, "text": text})


@blueprint.route("/opinions/accept")
class Accepting(MethodView):
    """Screening finds opinions fit."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Accept one or several opinions, all or none."""

        def make(asked: Asked) -> AcceptOpinion:
            today = civil_date(asked.step.at)
            roles = asked.province.regulation.rule("roles", today)
            return AcceptOpinion(
                seat=asked.step.actor,
                by_another_seat=ACCEPTOR_IS_NOT_RECEIVER in roles.as_codes(),
                on=today,
            )

        return ask(Action.SCREEN_OPINION, body, make)


@blueprint.route("/opinions/decline")
class Declining(MethodView):
    """Screening finds that opinions must leave the flow."""

    @blueprint.arguments(Decline)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Decline one or several opinions, with a coded reason, all or none."""
        redirect = body["redirect"]

        def make(asked: Asked) -> DeclineOpinion:
            today = civil_date(asked.step.at)
            if redirect is not None:
                asked.province.agency(redirect, today)
            return DeclineOpinion(reason=body["reason"], redirect=redirect, on=today)

        def after(asked: Asked) -> None:
            denunciations.let_go(asked, body["reason"], redirect)

        rules = () if redirect is None else (ReferenceKind.PROVINCE,)
        return ask(Action.SCREEN_OPINION, body, make, *rules, after=after)


@blueprint.route("/opinions/refer")
class Referring(MethodView):
    """Opinions go to an agency."""

    @blueprint.arguments(Refer)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Refer one or several opinions, all or none."""
        agency = body["agency"]

        def make(asked: Asked) -> ReferOpinion:
            today = civil_date(asked.step.at)
            if agency is not None:
                asked.province.agency(agency, today)
            else:
                opinions.refuse_unroutable(asked.row, asked.province, today)
            return ReferOpinion(referred_on=today, agency=agency)

        rules = (ReferenceKind.PROVINCE, ReferenceKind.FIELDS)
        return ask(Action.REFER_OPINION, body, make, *rules)


@blueprint.route("/opinions/schedule")
class Scheduling(MethodView):
    """Opinions are put forward for an agenda."""

    @blueprint.arguments(Schedule)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Schedule one or several opinions for a session, all or none."""

        def make(asked: Asked) -> ScheduleOpinion:
            session = known_sessions.session(
                asked.step.connection, str(body["session_id"]), asked.province.slug
            )
            return ScheduleOpinion(
                session_id=session["session_id"],
                session_kind=SessionKind(session["session_kind"]),
                held_on=session["held_on"],
                session_unit=session["unit"],
                session_level=asked.province.unit(session["unit"], session["held_on"]).level,
                on=civil_date(asked.step.at),
            )

        return ask(Action.SCHEDULE_OPINION, body, make)


@blueprint.route("/narratives")
class Narratives(MethodView):
    """Texts on their way into events."""

    @blueprint.arguments(NewNarratives)
    @blueprint.response(201, NarrativesSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Keep texts in the vault; answers the references that events may hold, in order."""
        known = allowed(Action.DEPOSIT_TEXT, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])

        def work(step: Step) -> tuple[int, dict[str, Any]]:
            texts = [
                NewText(
                    text_id=derived_id("narrative", step.command_id, str(number)),
                    text=text,
                    province=province.slug,
                    visibility=Visibility.RESTRICTED,
                )
                for number, text in enumerate(body["texts"])
            ]
            refs = opened.vault.put_many(step.connection, texts)
            return 201, {"texts": [wire.encode_value(ref) for ref in refs]}

        return perform(opened, known, work)


@blueprint.route("/texts/<text_id>")
class Text(MethodView):
    """One narrative."""

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200, TextSchema)
    def get(self, query: dict[str, Any], text_id: str) -> Response:
        """Return the text to whoever now has to act on it; the reading is logged."""
        known = allowed_somewhere(Action.READ_TEXT)
        text = narratives.of_text(runtime(), known, text_id, query["purpose"])
        return jsonify({"text_id": text_id, "text": text})
