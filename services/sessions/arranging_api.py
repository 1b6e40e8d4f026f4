"""Sessions over HTTP before a session: day, agenda, notice, recurrence."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.sessions import arranging, recurrence, topics
from services.sessions.answer_schemas import StandingSchema
from services.sessions.arranging_schemas import (
    Agenda,
    Change,
    Delegate,
    Recurrence,
    Reschedule,
    Schedule,
)
from services.sessions.asking import ARRANGED, REGULATED, ask, row_of
from services.sessions.schemas import SessionBody
from shared.access import Action
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime

blueprint = Blueprint("arranging", __name__, description="Chuẩn bị phiên")


@blueprint.route("/sessions/<uuid:session_id>/schedule")
class Scheduling(MethodView):
    """The day of a session."""

    @blueprint.arguments(Schedule)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Fix the day; from now on the session takes opinions on its agenda."""
        return ask(
            Action.SCHEDULE_SESSION,
            session_id,
            body,
            lambda row, step: [
                arranging.schedule(runtime().province(row["province"]), row, body, step)
            ],
            rules=ARRANGED,
        )


@blueprint.route("/sessions/<uuid:session_id>/reschedule")
class Rescheduling(MethodView):
    """Another day, hour or place."""

    @blueprint.arguments(Reschedule)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Move it with its agenda; the public is to have notice again."""
        return ask(
            Action.CHANGE_SESSION,
            session_id,
            body,
            lambda row, step: [
                arranging.reschedule(runtime().province(row["province"]), row, body, step)
            ],
            rules=ARRANGED,
        )


@blueprint.route("/sessions/<uuid:session_id>/postpone")
class Postponing(MethodView):
    """A session without a day again."""

    @blueprint.arguments(Change)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Take its day away; the opinions on its agenda go back to Intake."""
        return ask(
            Action.CHANGE_SESSION,
            session_id,
            body,
            lambda _row, _step: [arranging.postponement(body)],
        )


@blueprint.route("/sessions/<uuid:session_id>/cancel")
class Cancelling(MethodView):
    """A session that will not be held."""

    @blueprint.arguments(Change)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Give it up; the opinions on its agenda go back to Intake."""
        return ask(
            Action.CHANGE_SESSION,
            session_id,
            body,
            lambda _row, _step: [arranging.cancellation(body)],
        )


@blueprint.route("/sessions/<uuid:session_id>/delegate")
class Delegating(MethodView):
    """Another seat in the chair."""

    @blueprint.arguments(Delegate)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Let another seat chair, and say why."""
        return ask(
            Action.CHANGE_SESSION,
            session_id,
            body,
            lambda _row, _step: [arranging.delegation(body)],
        )


@blueprint.route("/sessions/<uuid:session_id>/agenda")
class SettingAgenda(MethodView):
    """The topics of a session."""

    @blueprint.arguments(Agenda)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Put each hot topic of the unit on the agenda, or leave it out with a reason."""
        return ask(
            Action.SET_AGENDA,
            session_id,
            body,
            lambda row, step: [arranging.agenda(row, body, step)],
        )

    @blueprint.response(200)
    def get(self, session_id: UUID) -> Response:
        """Return the unit's hot topics as they are confirmed now."""
        row = row_of(session_id, {"province": None}, allowed_somewhere(Action.READ_SESSIONS))
        with runtime().store.read() as connection:
            found = topics.of_unit(connection, row["province"], row["unit"])
        return jsonify(
            {
                "topics": [
                    {**topic, "confirmed_on": topic["confirmed_on"].isoformat()} for topic in found
                ]
            }
        )


@blueprint.route("/sessions/<uuid:session_id>/convene")
class Convening(MethodView):
    """The public notice of a session."""

    @blueprint.arguments(SessionBody)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Give notice as of today; the invitations are at `calendar.ics`."""
        return ask(
            Action.CONVENE_SESSION,
            session_id,
            body,
            lambda row, step: [arranging.notice(runtime().province(row["province"]), row, step)],
            rules=REGULATED,
        )


@blueprint.route("/sessions/recurrence")
class Recurring(MethodView):
    """Days for a year's sessions."""

    @blueprint.arguments(Recurrence)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Propose days by a rule; one on a day off moves to the next working day. Plans nothing."""
        allowed(Action.PLAN_SESSION, province=body["province"])
        province = runtime().province(body["province"])
        proposed = recurrence.proposals(province, body["unit"], body["year"], body["rrule"])
        return jsonify(
            {
                "proposals": [
                    {
                        "held_on": each.held_on.isoformat(),
                        "by_rule_on": each.by_rule_on.isoformat(),
                        "moved_because": each.moved_because,
                    }
                    for each in proposed
                ]
            }
        )
