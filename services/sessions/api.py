"""Sessions over HTTP: the plan, the room, the conclusion."""

from typing import Any
from uuid import UUID

from flask import Flask, Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.sessions import answer_schemas as answers
from services.sessions import (
    arranging_api,
    concluding_api,
    queries,
    records_api,
    sessions,
    shown,
)
from services.sessions.asking import PLACES, REGULATED, ask, status
from services.sessions.commands import AdjournSession, EndSession, ResumeSession
from services.sessions.schemas import (
    Answers,
    Attendance,
    Break,
    End,
    NewSession,
    Open,
    Promise,
    Raise,
    SessionBody,
    SessionQuery,
)
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.clock import civil_date
from shared.kernel.errors import BadInput
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Body, Step, perform

_RULES = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.FIELDS)

blueprint = Blueprint("sessions", __name__, description="Phiên đối thoại")


def create_app(opened: Runtime) -> Flask:
    """Return Sessions' app, with the addresses of every `*_api` module."""
    parts = (arranging_api, concluding_api, records_api)
    blueprints = (blueprint, *(part.blueprint for part in parts))
    app = make_app(opened, *blueprints, title="Phiên đối thoại")
    add_pages(app)
    return app


@blueprint.route("/sessions")
class SessionList(MethodView):
    """All sessions of a province."""

    @blueprint.arguments(NewSession)
    @blueprint.response(201, answers.StandingSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Plan a session; answers 200 if the same one is planned already."""
        known = allowed(Action.PLAN_SESSION, province=body["province"])
        opened = runtime()
        province = opened.province(body["province"])

        def work(step: Step) -> tuple[int, Body]:
            session_id, command = sessions.plan(province, body, step)
            (outcome,) = sessions.carry_out(
                opened, province.slug, session_id, [command], step=step, rules=_RULES
            )
            return status(outcome), sessions.standing(step.connection, session_id)

        return perform(opened, known, work)

    @blueprint.arguments(SessionQuery, location="query")
    @blueprint.response(200, answers.SessionsSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List sessions by their place in the calendar; `next` asks for the page after."""
        allowed(Action.READ_SESSIONS, province=query["province"])
        try:
            query["after"] = shown.cursor_parts(query["after"])
        except ValueError as error:
            raise BadInput("session.cursor_malformed") from error
        with runtime().store.read() as connection:
            rows = queries.page(connection, **query)
        is_full = len(rows) == query["limit"]
        return jsonify(
            {
                "sessions": [shown.session(row) for row in rows],
                "next": shown.cursor(rows[-1]) if is_full else None,
            }
        )


@blueprint.route("/sessions/<uuid:session_id>")
class OneSession(MethodView):
    """One session."""

    @blueprint.response(200, answers.DetailedSessionSchema)
    def get(self, session_id: UUID) -> Response:
        """Return the session, what belongs to it and what is due when; ETag is its version."""
        scope = allowed_somewhere(Action.READ_SESSIONS).province
        opened = runtime()
        with opened.store.read() as connection:
            row = queries.one(connection, str(session_id), province=scope)
            province = opened.province(row["province"])
            response = jsonify(shown.detailed(connection, row, province))
        response.set_etag(str(row["version"]))
        return response


@blueprint.route("/sessions/<uuid:session_id>/open")
class Opening(MethodView):
    """The beginning of a session."""

    @blueprint.arguments(Open)
    @blueprint.response(200, answers.StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Begin; the agenda takes no more opinions."""
        return ask(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda row, step: [
                sessions.opening(runtime().province(row["province"]), row, body, step)
            ],
            rules=REGULATED,
        )


@blueprint.route("/sessions/<uuid:session_id>/attendance")
class Attending(MethodView):
    """Who came."""

    @blueprint.arguments(Attendance)
    @blueprint.response(200, answers.StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """State attendances by group; a group stated again is a correction."""
        return ask(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda row, step: sessions.attendance(runtime().province(row["province"]), body, step),
        )


@blueprint.route("/sessions/<uuid:session_id>/opinions")
class Raising(MethodView):
    """Opinions first heard in the room."""

    @blueprint.arguments(Raise)
    @blueprint.response(200, answers.RaisedSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Write down up to 50 opinions, all or none; answers their ids."""
        return ask(
            Action.RAISE_OPINION,
            session_id,
            body,
            lambda row, step: sessions.raised(runtime().province(row["province"]), row, body, step),
            told="opinions",
            rules=(ReferenceKind.FIELDS,),
        )


@blueprint.route("/sessions/<uuid:session_id>/answers")
class Answering(MethodView):
    """Answers given in the room."""

    @blueprint.arguments(Answers)
    @blueprint.response(200, answers.AnsweredSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Note up to 50 answers on the spot, all or none."""
        return ask(
            Action.ANSWER_ON_SPOT,
            session_id,
            body,
            lambda _row, _step: sessions.answers(body),
            told="answers",
        )


@blueprint.route("/sessions/<uuid:session_id>/commitments")
class Promising(MethodView):
    """Promises of the chair."""

    @blueprint.arguments(Promise)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Note up to 50 promises given in the room, all or none; the conclusion makes them so."""
        return ask(
            Action.ANSWER_ON_SPOT,
            session_id,
            body,
            lambda row, step: sessions.stated(runtime(), row, body, step),
            rules=PLACES,
        )


@blueprint.route("/sessions/<uuid:session_id>/adjourn")
class Adjourning(MethodView):
    """A break of a session."""

    @blueprint.arguments(Break)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Stop as of today, to go on later."""
        return ask(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda _row, step: [AdjournSession(on=civil_date(step.at), reason=body["reason"])],
        )


@blueprint.route("/sessions/<uuid:session_id>/resume")
class Resuming(MethodView):
    """The end of a break."""

    @blueprint.arguments(SessionBody)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Go on as of today."""
        return ask(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda _row, step: [ResumeSession(on=civil_date(step.at))],
        )


@blueprint.route("/sessions/<uuid:session_id>/end")
class Ending(MethodView):
    """The end of a session."""

    @blueprint.arguments(End)
    @blueprint.response(200, answers.StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """End it: from now on it counts."""
        return ask(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda _row, _step: [EndSession(speaking_turns=body["speaking_turns"])],
        )
