"""Assignment over HTTP: assignments, answers, deadlines; feed_api and webhook_api have the rest."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import feed_api, read_model, webhook_api
from services.assignment.answers import keep_answer, read_answer
from services.assignment.commands import (
    AcceptAssignment,
    Command,
    ReleaseAnswer,
    SubmitAnswer,
)
from services.assignment.deadlines import notice_missed
from services.assignment.decider import DECIDER
from services.assignment.explanation import explain
from services.assignment.reactions import stream_of
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
from shared.access import AGENCY_ROLES, Action
from shared.contracts.vocabulary import ReferenceKind
from shared.eventlog import Task, execute
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound, Refused
from shared.kernel.ids import derived_id
from shared.pages import add_pages
from shared.runtime import Runtime
from shared.web.app import make_app
from shared.web.callers import allowed, allowed_somewhere, caller
from shared.web.current import runtime
from shared.web.perform import Step, expected_version, perform

blueprint = Blueprint("assignments", __name__, description="Giao việc, thời hạn, trả lời")


def create_app(opened: Runtime) -> Flask:
    """Return Assignment's app."""
    blueprints = (blueprint, feed_api.blueprint, webhook_api.blueprint)
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
            shown = _shown(connection, rows)
        after = rows[-1]["position"] if rows else query["after"]
        return jsonify({"assignments": shown, "next_after": after})


@blueprint.route("/assignments/<assignment_id>")
class Assignment(MethodView):
    """One assignment."""

    @blueprint.response(200, ExplainedAssignmentSchema)
    def get(self, assignment_id: str) -> Response:
        """Return the assignment, with why it is due when it is."""
        known = allowed_somewhere(Action.READ_ASSIGNMENTS)
        with runtime().store.read() as connection:
            (row,) = known_to(connection, known, [assignment_id])
            (shown,) = _shown(connection, [row])
        explanation = explain(row, runtime().province(row["province"]))
        response = jsonify({**shown, "explanation": explanation.as_json()})
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

        return _take_step(Action.ACCEPT_ASSIGNMENT, assignment_id, body, command)


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

        return _take_step(Action.SUBMIT_ANSWER, assignment_id, body, command)


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
        return _take_step(Action.RELEASE_ANSWER, assignment_id, body, command, *rules)


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
            _check_province(row, body)
            allowed(Action.ACCEPT_ASSIGNMENT, province=row["province"], agency=row["agency"])
        if len({(row["province"], row["agency"]) for row in rows}) > 1:
            raise Refused("assignment.batch_mixed")

        def work(step: Step) -> tuple[int, dict[str, Any]]:
            command = AcceptAssignment(agency=rows[0]["agency"], on=civil_date(step.at))
            _execute(step, rows, command)
            changed = read_model.several(step.connection, ids)
            return 200, {"assignments": _shown(step.connection, changed)}

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
        """Look now; answers how many misses were recorded by it."""
        province = body.get("province")
        allowed(Action.RUN_TIMERS, province=province)
        return jsonify({"missed": notice_missed(runtime(), province)})


def _take_step(
    action: Action,
    assignment_id: str,
    body: dict[str, Any],
    command: Callable[[read_model.Row, Step], Command],
    *rules: ReferenceKind,
) -> Response:
    """Return the assignment after the caller's `command` on it, which rests on `rules`."""
    known, opened = allowed_somewhere(action), runtime()
    with opened.store.read() as connection:
        (row,) = known_to(connection, known, [assignment_id])
    allowed(action, province=row["province"], agency=row["agency"])
    _check_province(row, body)
    version = expected_version(request)

    def work(step: Step) -> tuple[int, dict[str, Any]]:
        references = opened.province(row["province"]).references(*rules)
        _execute(step, [row], command(row, step), version, references)
        changed = read_model.one(step.connection, assignment_id)
        return 200, _shown(step.connection, [changed])[0]

    return perform(opened, known, work)


def _execute(
    step: Step,
    rows: Sequence[read_model.Row],
    command: Command,
    version: int | None = None,
    references: str = "",
) -> None:
    tasks = [
        Task(
            stream=stream_of(row["assignment_id"]),
            command=command,
            command_id=derived_id(step.command_id, row["assignment_id"]),
            actor=step.actor,
            at=step.at,
            expected_version=version,
            references=references,
        )
        for row in rows
    ]
    execute(runtime().ledger.log(rows[0]["province"]), step.tx, DECIDER, tasks)


def _shown(connection: sa.Connection, rows: Sequence[read_model.Row]) -> list[dict[str, Any]]:
    """Return assignments as JSON values: codes, ids and dates, no word of any text."""
    ids = [row["assignment_id"] for row in rows]
    parties = read_model.agencies(connection, ids)
    opinions = read_model.opinions(connection, ids)
    today = civil_date(runtime().clock())
    return [
        {
            **{name: _json(value) for name, value in row.items()},
            "cooperating_agencies": list(parties[row["assignment_id"]][1:]),
            "opinion_ids": list(opinions.get(row["assignment_id"], ())),
            "is_overdue": row["state"] != "released" and row["due_on"] < today,
        }
        for row in rows
    ]


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check_province(row: read_model.Row, body: dict[str, Any]) -> None:
    if body.get("province") not in (None, row["province"]):
        raise NotFound("assignment.unknown")
