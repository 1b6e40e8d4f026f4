"""Assignment over HTTP: what waits for a person to say who leads, and what is overdue in public."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import read_model
from services.assignment.commands import AssignFromTriage
from services.assignment.course_schemas import (
    AssignBody,
    ListQuery,
    OverdueListSchema,
    OverdueQuery,
    TriageSchema,
)
from services.assignment.schemas import AssignmentSchema
from services.assignment.steps import as_json, execute_all, shown
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.clock import civil_date
from shared.kernel.errors import NotFound
from shared.web.callers import allowed, allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import Step, perform

blueprint = Blueprint("triage", __name__, description="Phân loại thủ công, danh sách quá hạn")

_IN_PUBLIC = ("province", "assignment_id", "agency", "unit", "level", "field")


@blueprint.route("/triage")
class Triage(MethodView):
    """What waits for a person."""

    @blueprint.arguments(ListQuery, location="query")
    @blueprint.response(200, TriageSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List what no single agency is competent for, in the order in which it came."""
        allowed(Action.ASSIGN_FROM_TRIAGE, province=query["province"])
        today = civil_date(runtime().clock())
        with runtime().store.read() as connection:
            rows = read_model.in_triage(connection, **query)
        waiting = [
            {
                **as_json(row, "version"),
                "candidates": row["candidates"].split(),
                "is_overdue": row["triage_due_on"] < today,
            }
            for row in rows
        ]
        after = rows[-1]["position"] if rows else query["after"]
        return jsonify({"triage": waiting, "next_after": after})


@blueprint.route("/triage/<assignment_id>")
class Assigned(MethodView):
    """Saying who leads."""

    @blueprint.arguments(AssignBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Give the matter to an agency; the people's due date stays."""
        known, opened = allowed_somewhere(Action.ASSIGN_FROM_TRIAGE), runtime()
        with opened.store.read() as connection:
            row = read_model.one_in_triage(connection, assignment_id)
        if known.province not in (None, row["province"]):
            raise NotFound("assignment.unknown")
        province = opened.province(row["province"])

        def work(step: Step) -> tuple[int, dict[str, Any]]:
            on = civil_date(step.at)
            agency = province.agency(body["agency"], on).key
            command = AssignFromTriage(agency=agency, on=on, calendar=province.calendar)
            rules = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)
            execute_all(step, [row], command, references=province.references(*rules))
            changed = read_model.one(step.connection, assignment_id)
            return 200, shown(step.connection, [changed])[0]

        return perform(opened, known, work)


@blueprint.route("/overdue")
class Overdue(MethodView):
    """What is so long overdue that everybody may know."""

    @blueprint.doc(security=[])
    @blueprint.arguments(OverdueQuery, location="query")
    @blueprint.response(200, OverdueListSchema)
    def get(self, query: dict[str, Any]) -> Response:
        """List live matters that a step of the ladder has put on the public list."""
        if "province" in query:
            runtime().province(query["province"])
        today = civil_date(runtime().clock())
        with runtime().store.read() as connection:
            rows = read_model.overdue_in_public(connection, **query)
        listed = [
            {
                **{name: row[name] for name in _IN_PUBLIC},
                "issued_on": row["issued_on"].isoformat(),
                "due_on": row["due_on"].isoformat(),
                "listed_on": row["listed_on"].isoformat(),
                "days_late": (today - row["due_on"]).days,
            }
            for row in rows
        ]
        return jsonify({"overdue": listed})
