"""Sessions over HTTP, to be read: calendars, notices on paper, follow-up, duties, breaches."""

from functools import cache
from typing import Any
from uuid import UUID

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.sessions import (
    breaches,
    follow_up,
    invitation,
    notice_document,
    notice_words,
    queries,
    year_plan,
)
from services.sessions.asking import row_of
from services.sessions.records_schemas import BreachQuery, FeedQuery, NoticeQuery, PlanQuery
from services.sessions.watching import notice_obligations
from shared.access import Action
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound
from shared.texts import Catalogue
from shared.web.app import catalogue_of
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.schemas import ProvinceBody

blueprint = Blueprint("records", __name__, description="Lịch, văn bản, theo dõi")

_ANY: dict[str, Any] = {"province": None}


@blueprint.route("/sessions/<uuid:session_id>/calendar.ics")
class Invitation(MethodView):
    """The invitation."""

    @blueprint.response(200)
    def get(self, session_id: UUID) -> Response:
        """Return it as iCalendar, or its cancellation; its SEQUENCE grows with each change."""
        opened = runtime()
        row = row_of(session_id, _ANY, allowed_somewhere(Action.READ_SESSIONS))
        if row["held_on"] is None and not row["sequence"]:
            raise NotFound("session.no_calendar")
        made = invitation.invitation(
            opened.province(row["province"]),
            row,
            at=opened.clock(),
            deployment=opened.settings.deployment,
            texts=_catalogue(),
        )
        return _calendar(made, invitation.method(row))


@blueprint.route("/sessions/calendar.ics")
class UnitCalendar(MethodView):
    """The calendar of a unit."""

    @blueprint.arguments(FeedQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """Return its last 200 sessions as iCalendar, to subscribe to."""
        opened = runtime()
        allowed(Action.READ_SESSIONS, province=query["province"])
        with opened.store.read() as connection:
            rows = queries.latest_of_unit(connection, query["province"], query["unit"])
        made = invitation.feed(
            opened.province(query["province"]),
            rows,
            at=opened.clock(),
            deployment=opened.settings.deployment,
            texts=_catalogue(),
        )
        return _calendar(made, "PUBLISH")


@blueprint.route("/sessions/<uuid:session_id>/conclusion.docx")
class Paper(MethodView):
    """The conclusion notice on paper."""

    @blueprint.arguments(NoticeQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any], session_id: UUID) -> Response:
        """Return the notice in force, or the one asked for, as .docx; the reading is logged."""
        opened = runtime()
        allowed_somewhere(Action.READ_SESSIONS)
        known = allowed_somewhere(Action.READ_TEXT)
        row = row_of(session_id, _ANY, known)
        with opened.store.write() as tx:
            words = notice_words.words(
                opened,
                tx.connection,
                row,
                amendment=query["amendment"],
                reader=known.seat,
                purpose=query["purpose"],
                texts=_catalogue(),
            )
        return Response(
            notice_document.render(words, _catalogue()), content_type=notice_document.MEDIA_TYPE
        )


@blueprint.route("/sessions/<uuid:session_id>/follow-up")
class FollowUp(MethodView):
    """What was promised at the last session."""

    @blueprint.response(200)
    def get(self, session_id: UUID) -> Response:
        """Return the unit's last conclusion before this session, with what came of it."""
        opened = runtime()
        row = row_of(session_id, _ANY, allowed_somewhere(Action.READ_SESSIONS))
        with opened.store.read() as connection:
            return jsonify(follow_up.follow_up(connection, row, civil_date(opened.clock())))


@blueprint.route("/sessions/obligations")
class Obligations(MethodView):
    """A year's duties to hold periodic sessions."""

    @blueprint.arguments(PlanQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """Return each duty with what is planned, scheduled and held for it."""
        allowed(Action.READ_SESSIONS, province=query["province"])
        opened = runtime()
        province = opened.province(query["province"])
        with opened.store.read() as connection:
            found = year_plan.year_plan(connection, province, query["year"], unit=query["unit"])
        return jsonify({"obligations": found})


@blueprint.route("/sessions/breaches")
class Breaches(MethodView):
    """Where the regulation was not kept."""

    @blueprint.arguments(BreachQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any]) -> Response:
        """Return duties missed, conclusions and results late or still absent, with evidence."""
        allowed(Action.READ_SESSIONS, province=query["province"])
        opened = runtime()
        with opened.store.read() as connection:
            found = breaches.found(
                connection,
                opened.province(query["province"]),
                from_on=query["from_on"],
                to_on=query["to_on"],
                unit=query["unit"],
                today=civil_date(opened.clock()),
            )
        return jsonify({"breaches": [each.shown() for each in found]})


@blueprint.route("/timers/obligations")
class ObligationTimer(MethodView):
    """The daily look, now."""

    @blueprint.arguments(ProvinceBody)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Record the duties that were met or missed; answers how many."""
        allowed(Action.RUN_TIMERS, province=body["province"])
        return jsonify({"noticed": notice_obligations(runtime(), body["province"])})


def _calendar(made: bytes, method: str) -> Response:
    kind = f"{invitation.MEDIA_TYPE}; charset=utf-8; method={method}"
    return Response(made, content_type=kind)


@cache
def _catalogue() -> Catalogue:
    return catalogue_of("sessions")
