"""Assignment over HTTP: what happens between issue and answer, and after it."""

from typing import Any

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from services.assignment import rules
from services.assignment.answers import keep_text
from services.assignment.commands import (
    CancelAssignment,
    ClaimFulfilment,
    Command,
    DecideExtension,
    DecideRefusal,
    JudgeFulfilment,
    PauseClock,
    RefuseAssignment,
    RequestCoordination,
    RequestExtension,
    ResumeClock,
    ReturnAnswer,
    SubmitContribution,
)
from services.assignment.course_schemas import (
    CoordinationBody,
    ExtensionBody,
    ExtensionDecisionBody,
    FulfilmentDecisionBody,
    PauseBody,
    RefusalBody,
    RefusalDecisionBody,
    WordsBody,
)
from services.assignment.read_model import Row
from services.assignment.schemas import AssignmentSchema, StepBody
from services.assignment.steps import take_step
from shared.access import Action, Role
from shared.contracts.vocabulary import CancelReason, ReferenceKind
from shared.kernel.clock import civil_date
from shared.provinces import Province
from shared.web.callers import caller
from shared.web.current import runtime
from shared.web.perform import Step

blueprint = Blueprint("course", __name__, description="Từ chối, phối hợp, gia hạn, xác nhận")

_RULES = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION, ReferenceKind.CALENDAR)
_DAYS = (ReferenceKind.PROVINCE, ReferenceKind.CALENDAR)


def _province(row: Row) -> Province:
    return runtime().province(row["province"])


@blueprint.route("/assignments/<assignment_id>/refuse")
class Refusal(MethodView):
    """Saying that a matter is another agency's."""

    @blueprint.arguments(RefusalBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Refuse the assignment, with the legal basis and the agency held competent."""

        def command(row: Row, step: Step) -> Command:
            on, place = civil_date(step.at), str(row["transfers"])
            competent = _province(row).agency(body["competent_agency"], on)
            return RefuseAssignment(
                agency=row["agency"],
                on=on,
                author=step.actor,
                reason=body["reason"],
                legal_basis=keep_text(
                    runtime(), step, row, body["legal_basis"], "refusal", row["agency"], place
                ),
                competent_agency=competent.key,
                decision_due_on=rules.due_on(_province(row), rules.REFUSAL_DECISION_RULE, on),
            )

        return take_step(Action.REFUSE_ASSIGNMENT, assignment_id, body, command, *_RULES)


@blueprint.route("/assignments/<assignment_id>/refusal")
class RefusalDecision(MethodView):
    """Deciding on a refusal."""

    @blueprint.arguments(RefusalDecisionBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Uphold the refusal, so that another agency leads, or overrule it."""
        by_chair = caller().role is Role.CHAIR

        def command(row: Row, step: Step) -> Command:
            on, province, agency = civil_date(step.at), _province(row), None
            if body["is_upheld"]:
                named = body.get("agency") or row["competent_agency"] or row["agency"]
                agency = province.agency(named, on).key
            return DecideRefusal(
                on=on,
                seat=step.actor,
                by_chair=by_chair,
                transfers_max=rules.transfers_max(province, on),
                calendar=province.calendar,
                agency=agency,
            )

        return take_step(Action.DECIDE_REFUSAL, assignment_id, body, command, *_RULES)


@blueprint.route("/assignments/<assignment_id>/coordination")
class Coordination(MethodView):
    """Asking another agency."""

    @blueprint.arguments(CoordinationBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Ask another agency to contribute, by a day that the regulation sets."""

        def command(row: Row, step: Step) -> Command:
            on, province = civil_date(step.at), _province(row)
            return RequestCoordination(
                agency=row["agency"],
                on=on,
                cooperating_agency=province.agency(body["cooperating_agency"], on).key,
                due_on=rules.due_on(province, rules.CONTRIBUTION_RULE, on),
            )

        return take_step(Action.REQUEST_COORDINATION, assignment_id, body, command, *_RULES)


@blueprint.route("/assignments/<assignment_id>/contribution")
class Contribution(MethodView):
    """Contributing."""

    @blueprint.arguments(WordsBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Contribute, as an agency that was asked to."""
        agency = caller().agency or ""

        def command(row: Row, step: Step) -> Command:
            on = civil_date(step.at)
            words = ("contribution", agency, on.isoformat())
            text = keep_text(runtime(), step, row, body["text"], *words)
            return SubmitContribution(agency=agency, on=on, text=text)

        return take_step(Action.CONTRIBUTE, assignment_id, body, command, agency=agency)


@blueprint.route("/assignments/<assignment_id>/pause")
class Pause(MethodView):
    """Stopping the clock."""

    @blueprint.arguments(PauseBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Stop the clock, for a reason that the regulation lists."""

        def command(row: Row, step: Step) -> Command:
            on = civil_date(step.at)
            listed = rules.pause_reasons(_province(row), on)
            return PauseClock(agency=row["agency"], on=on, reason=body["reason"], reasons=listed)

        return take_step(Action.PAUSE_CLOCK, assignment_id, body, command, *_RULES)


@blueprint.route("/assignments/<assignment_id>/resume")
class Resumption(MethodView):
    """Letting the clock go on."""

    @blueprint.arguments(StepBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Let the clock go on; the due date moves by the working days that it stood."""

        def command(row: Row, step: Step) -> Command:
            calendar = _province(row).calendar
            return ResumeClock(agency=row["agency"], on=civil_date(step.at), calendar=calendar)

        return take_step(Action.PAUSE_CLOCK, assignment_id, body, command, *_DAYS)


@blueprint.route("/assignments/<assignment_id>/extension")
class ExtensionRequest(MethodView):
    """Asking for more time."""

    @blueprint.arguments(ExtensionBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Ask for more time, before the due date and within what the regulation allows."""

        def command(row: Row, step: Step) -> Command:
            on = civil_date(step.at)
            return RequestExtension(
                agency=row["agency"],
                on=on,
                working_days=body["working_days"],
                reason=body["reason"],
                rule=rules.extension_rule(_province(row), on),
            )

        return take_step(Action.REQUEST_EXTENSION, assignment_id, body, command, *_RULES)


@blueprint.route("/assignments/<assignment_id>/extension/decision")
class ExtensionDecision(MethodView):
    """Deciding on more time."""

    @blueprint.arguments(ExtensionDecisionBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Grant the extension as it was asked for, before the due date, or refuse it."""

        def command(row: Row, step: Step) -> Command:
            return DecideExtension(
                on=civil_date(step.at),
                seat=step.actor,
                is_granted=body["is_granted"],
                calendar=_province(row).calendar,
            )

        return take_step(Action.DECIDE_EXTENSION, assignment_id, body, command, *_DAYS)


@blueprint.route("/assignments/<assignment_id>/return")
class Return(MethodView):
    """Handing an answer back."""

    @blueprint.arguments(WordsBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Hand the submitted answer back to be written again, with a note."""

        def command(row: Row, step: Step) -> Command:
            note = keep_text(runtime(), step, row, body["text"], "return", str(row["returns"]))
            on = civil_date(step.at)
            return ReturnAnswer(agency=row["agency"], on=on, seat=step.actor, note=note)

        return take_step(Action.RETURN_ANSWER, assignment_id, body, command)


@blueprint.route("/assignments/<assignment_id>/fulfilment")
class Fulfilment(MethodView):
    """Saying that what was promised is done."""

    @blueprint.arguments(WordsBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Say that it is done, with the evidence; supervision has to verify it."""

        def command(row: Row, step: Step) -> Command:
            return ClaimFulfilment(
                agency=row["agency"],
                on=civil_date(step.at),
                author=step.actor,
                evidence=keep_text(
                    runtime(), step, row, body["text"], "evidence", str(row["claims"])
                ),
            )

        return take_step(Action.CLAIM_FULFILMENT, assignment_id, body, command)


@blueprint.route("/assignments/<assignment_id>/fulfilment/decision")
class FulfilmentDecision(MethodView):
    """Verifying, as supervision."""

    @blueprint.arguments(FulfilmentDecisionBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Verify that it is done, or say what is missing."""

        def command(row: Row, step: Step) -> Command:
            note = None
            if not body["is_verified"]:
                words = ("rejection", str(row["claims"]))
                note = keep_text(runtime(), step, row, body["text"], *words)
            return JudgeFulfilment(on=civil_date(step.at), seat=step.actor, note=note)

        return take_step(Action.VERIFY_FULFILMENT, assignment_id, body, command)


@blueprint.route("/assignments/<assignment_id>/cancel")
class Cancellation(MethodView):
    """Ending what was issued in error."""

    @blueprint.arguments(StepBody)
    @blueprint.response(200, AssignmentSchema)
    def post(self, body: dict[str, Any], assignment_id: str) -> Response:
        """Cancel an assignment that was issued in error; its opinions can be given again."""

        def command(row: Row, step: Step) -> Command:
            return CancelAssignment(
                on=civil_date(step.at),
                reason=CancelReason.ISSUED_IN_ERROR,
                calendar=_province(row).calendar,
            )

        return take_step(Action.CANCEL_ASSIGNMENT, assignment_id, body, command, *_DAYS)
