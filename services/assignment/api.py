"""Assignment over HTTP: assignments, answers, deadlines; feed_api and webhook_api have the rest."""

from typing import Any

from flask import Flask, Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import course_api, feed_api, read_model, triage_api, webhook_api
from services.assignment.answers import keep_answer, read_answer
from services.assignment.commands import (
    AcceptAssignment,
    Command,
    ReleaseAnswer,
    SubmitAnswer,
)
from services.assignment.daily import look_daily
from services.assignment.explanation import explain
from services.assignment.schemas import (
    AcceptancesSchema,
    AnswerBody,
    AssignmentSchema,
    AssignmentsQuery,
    AssignmentsSchema,
    BatchBody,
    ExplainedAssignmentSchema,
    StepBody,
    TextQuery,
    TextSchema,
    TimerBody,
    TimerSchema,
)
from services.assignment.scope import known_to
from services.assignment.steps import check_province, execute_all, shown, take_step
from shared.access import AGENCY_ROLES, Action
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere, caller
from shared.web.current import runtime
from shared.web.perform import Step, perform

blueprint = Blueprint("assignments", __name__, description="Giao việc, thời hạn, trả lời")


def create_app(opened: Runtime) -> Flask:
    """Return Assignment's app."""
    blueprints = (
        blueprint,
        course_api.blueprint,
        triage_api.blueprint,
        feed_api.blueprint,
        webhook_api.blueprint,
    )
    app = make_app(opened, *blueprints, title="Giao việc")
    add_pages(app)
    return app


@blueprint.route("/assignments")
class Assignments(MethodView):
    """All assignments of a province."""

    @blueprint.arguments(AssignmentsQuery, location="query")
    @blueprint.response(200, AssignmentsSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List assignments in the order of their issue; an agency sees those it leads."""
        agency = query.pop("agency", None)
        if agency is None and caller().role in AGENCY_ROLES:
            agency = caller().agency
        allowed(Action.READ_ASSIGNMENTS, province=query["province"], agency=agency)
        with runtime().store.read() as connection:
            rows = read_model.page(connection, agency=agency, **query)
            assignments = shown(connection, rows)
        after = rows[-1]["position"] if rows else query["after"]
        return jsonify({"assignments": assignments, "next_after": after})


@blueprint.route("/assignments/<assignment_id>")
class Assignment(MethodView):
    """One assignment."""

    @blueprint.response(200, ExplainedAssignmentSchema)
    def get(self, assignment_id: str) -> Response:
        """Return the assignment, with why it is due when it is."""
        known = allowed_somewhere(Action.READ_ASSIGNMENTS)
        with runtime().store.read() as connection:
            (row,) = known_to(connection, known, [assignment_id])
            (found,) = shown(connection, [row])
        explanation = explain(row, runtime().province(row["province"]))
        response = jsonify({**found, "explanation": explanation.as_json()})
        response.set_etag(str(row["version"]))
        return response


@blueprint.route("/assignments/<assignment_id>/accept")
class Acceptance(MethodView):
    """Taking an assignment on."""

    @blueprint.arguments(StepBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Accept the assignment on behalf of its lead agency."""

        def command(row: read_model.Row, step: Step) -> Command:
            return AcceptAssignment(agency=row["agency"], on=civil_date(step.at))

        return take_step(Action.ACCEPT_ASSIGNMENT, assignment_id, body, command)


@blueprint.route("/assignments/<assignment_id>/answer")
class Answer(MethodView):
    """Answering."""

    @blueprint.arguments(AnswerBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Submit the answer; a second seat has to release it."""

        def command(row: read_model.Row, step: Step) -> Command:
            return SubmitAnswer(
                agency=row["agency"],
                on=civil_date(step.at),
                outcome=body["outcome"],
                author=step.actor,
                text=keep_answer(runtime(), step, row, body["text"]),
            )

        return take_step(Action.SUBMIT_ANSWER, assignment_id, body, command)


@blueprint.route("/assignments/<assignment_id>/release")
class Release(MethodView):
    """Letting an answer go to the people."""

    @blueprint.arguments(StepBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Release the submitted answer, for good; never by the seat that wrote it."""

        def command(row: read_model.Row, step: Step) -> Command:
            return ReleaseAnswer(
                agency=row["agency"],
                on=civil_date(step.at),
                approver=step.actor,
                calendar=runtime().province(row["province"]).calendar,
            )

        rules = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)
        return take_step(Action.RELEASE_ANSWER, assignment_id, body, command, *rules)


@blueprint.route("/assignments/accept")
class Acceptances(MethodView):
    """Taking several on at once, for agencies' own systems."""

    @blueprint.arguments(BatchBody)
    @blueprint.response(200, AcceptancesSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Accept up to 100 assignments of one agency: all of them, or none."""
        known, opened = allowed_somewhere(Action.ACCEPT_ASSIGNMENT), runtime()
        ids: list[str] = list(dict.fromkeys(body["assignment_ids"]))
        with opened.store.read() as connection:
            rows = known_to(connection, known, ids)
        for row in rows:
            check_province(row, body)
            allowed(Action.ACCEPT_ASSIGNMENT, province=row["province"], agency=row["agency"])
        if len({(row["province"], row["agency"]) for row in rows}) > 1:
            raise Refused("assignment.batch_mixed")

        def work(step: Step) -> tuple[int, dict[str, Any]]:
            command = AcceptAssignment(agency=rows[0]["agency"], on=civil_date(step.at))
            execute_all(step, rows, command)
            changed = read_model.several(step.connection, ids)
            return 200, {"assignments": shown(step.connection, changed)}

        return perform(opened, known, work)


@blueprint.route("/texts/<text_id>")
class Text(MethodView):
    """The words of an answer."""

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200, TextSchema)
    def get(self, query: dict[str, Any], text_id: str) -> Response:
        """Return the text; who read it and why is logged."""
        text = read_answer(runtime(), caller(), text_id, query["purpose"])
        return jsonify({"text_id": text_id, "text": text})


@blueprint.route("/timers/deadlines")
class Deadlines(MethodView):
    """The daily look at due dates."""

    @blueprint.arguments(TimerBody)
    @blueprint.response(200, TimerSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Look now; answers how much was recorded by it, and how many misses of it."""
        province = body.get("province")
        allowed(Action.RUN_TIMERS, province=province)
        recorded, missed = look_daily(runtime(), province)
        return jsonify({"missed": missed, "recorded": recorded})
