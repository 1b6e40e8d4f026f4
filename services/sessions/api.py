"""Sessions over HTTP: the plan, the room, the conclusion."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.sessions import notices, queries, sessions, shown
from services.sessions.commands import AnswerOnSpot, Command, EndSession, RaiseOpinion
from services.sessions.schemas import (
    Answers,
    Attendance,
    Conclude,
    End,
    NewSession,
    Open,
    Raise,
    Schedule,
    SessionQuery,
    TextQuery,
)
from shared.access import Action, Caller
from shared.contracts.vocabulary import ReferenceKind, Visibility
from shared.eventlog import Outcome
from shared.kernel.errors import BadInput, NotFound
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Body, Step, expected_version, perform
from shared.web.purposes import check_purpose

blueprint = Blueprint("sessions", __name__, description="Phiên đối thoại")

_RULES = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.FIELDS)
_PLACES = (ReferenceKind.PROVINCE, ReferenceKind.FIELDS)


def create_app(opened: Runtime) -> Flask:
    """Return Sessions' app."""
    app = make_app(opened, blueprint, title="Phiên đối thoại")
    add_pages(app)
    return app


@blueprint.route("/sessions")
class SessionList(MethodView):
    """All sessions of a province."""

    @blueprint.arguments(NewSession)
    @blueprint.response(201)
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
            return _status(outcome), sessions.standing(step.connection, session_id)

        return perform(opened, known, work)

    @blueprint.arguments(SessionQuery, location="query")
    @blueprint.response(200)
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

    @blueprint.response(200)
    def get(self, session_id: UUID) -> Response:
        """Return the session with its groups, opinions and conclusion; ETag is its version."""
        scope = allowed_somewhere(Action.READ_SESSIONS).province
        with runtime().store.read() as connection:
            row = queries.one(connection, str(session_id), province=scope)
            response = jsonify(shown.detailed(connection, row))
        response.set_etag(str(row["version"]))
        return response


@blueprint.route("/sessions/<uuid:session_id>/schedule")
class Scheduling(MethodView):
    """The day of a session."""

    @blueprint.arguments(Schedule)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Fix the day; from now on the session takes opinions on its agenda."""
        return _command(
            Action.SCHEDULE_SESSION,
            session_id,
            body,
            lambda row, _step: [sessions.schedule(runtime().province(row["province"]), row, body)],
            rules=_PLACES,
        )


@blueprint.route("/sessions/<uuid:session_id>/open")
class Opening(MethodView):
    """The beginning of a session."""

    @blueprint.arguments(Open)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Begin; the agenda takes no more opinions."""
        return _command(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda row, step: [sessions.opening(runtime().province(row["province"]), body, step)],
            rules=(ReferenceKind.PROVINCE, ReferenceKind.REGULATION),
        )


@blueprint.route("/sessions/<uuid:session_id>/attendance")
class Attending(MethodView):
    """Who came."""

    @blueprint.arguments(Attendance)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """State attendances by group; a group stated again is a correction."""
        return _command(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda _row, _step: sessions.attendance(body),
        )


@blueprint.route("/sessions/<uuid:session_id>/opinions")
class Raising(MethodView):
    """Opinions first heard in the room."""

    @blueprint.arguments(Raise)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Write down up to 50 opinions, all or none; answers their ids."""
        return _command(
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
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Note up to 50 answers on the spot, all or none."""
        return _command(
            Action.ANSWER_ON_SPOT,
            session_id,
            body,
            lambda _row, _step: sessions.answers(body),
            told="answers",
        )


@blueprint.route("/sessions/<uuid:session_id>/end")
class Ending(MethodView):
    """The end of a session."""

    @blueprint.arguments(End)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """End it: from now on it counts."""
        return _command(
            Action.HOLD_SESSION,
            session_id,
            body,
            lambda _row, _step: [EndSession(speaking_turns=body["speaking_turns"])],
        )


@blueprint.route("/sessions/<uuid:session_id>/conclusion")
class Concluding(MethodView):
    """The conclusion notice."""

    @blueprint.arguments(Conclude)
    @blueprint.response(201)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Issue it, or name everything that is missing; answers ids and warnings."""
        opened = runtime()
        known = allowed_somewhere(Action.ISSUE_CONCLUSION)
        _row(session_id, body, known)
        expected = expected_version(request)
        return perform(
            opened,
            known,
            lambda step: notices.conclude(opened, str(session_id), body, step, expected),
        )


@blueprint.route("/texts/<text_id>")
class Text(MethodView):
    """The product of a commitment."""

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any], text_id: str) -> Response:
        """Return a public text to any caller who may read texts; the reading is logged."""
        opened = runtime()
        known = allowed_somewhere(Action.READ_TEXT)
        with opened.store.write() as tx:
            stored = opened.vault.find(tx.connection, text_id)
            is_public = stored.ref.visibility is Visibility.PUBLIC
            if not is_public or known.province not in (None, stored.province):
                raise NotFound("vault.unknown_text", text_id=text_id)
            check_purpose(known, query["purpose"], is_public=True)
            text = opened.vault.read(
                tx.connection, text_id=text_id, reader=known.seat, purpose=query["purpose"]
            )
        return jsonify({"text_id": text_id, "text": text})


def _command(
    action: Action,
    session_id: UUID,
    body: dict[str, Any],
    make: Callable[[sa.RowMapping, Step], Sequence[Command]],
    *,
    told: str | None = None,
    rules: Sequence[ReferenceKind] = (),
) -> Response:
    """Ask commands of one session, for a caller who may do `action` in its province.

    `rules` are what the commands rest on. With `told` the answer lists under that name each
    command's opinion, and whether it was known already.
    """
    opened = runtime()
    known = allowed_somewhere(action)
    row = _row(session_id, body, known)
    expected = expected_version(request)

    def work(step: Step) -> tuple[int, Body]:
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


def _row(session_id: UUID, body: dict[str, Any], known: Caller) -> sa.RowMapping:
    with runtime().store.read() as connection:
        row = queries.one(connection, str(session_id), province=known.province)
    if body["province"] not in (None, row["province"]):
        raise NotFound("session.not_planned")
    return row


def _status(outcome: Outcome) -> int:
    return 201 if outcome.appended and not outcome.repeated else 200
