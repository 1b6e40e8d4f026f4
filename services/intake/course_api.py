"""After the answer, over HTTP: told, commented, taken up again, closed, erased."""

from typing import Any

from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from services.intake import erasure, known_sessions, limits, read_model
from services.intake.answer_schemas import VersionsSchema
from services.intake.asking import Asked, ask
from services.intake.commands_course import (
    CloseOpinion,
    DecideErasure,
    DeclineReopening,
    EraseNarrative,
    GiveFeedback,
    LinkRecurrence,
    MarkGoodPractice,
    NotifyReporter,
    ReopenOpinion,
    RequestErasure,
    RequestReopening,
)
from services.intake.lapsing import look
from services.intake.limits import RULES_OF_A_LIMIT
from services.intake.plans import Plan
from services.intake.schemas import Opinions
from services.intake.schemas_course import (
    ErasureDecision,
    Feedback,
    Link,
    Reasons,
    RefuseReopening,
    Timer,
)
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.clock import civil_date
from shared.kernel.errors import Refused
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint("course", __name__, description="Phản hồi, mở lại, đóng, xóa nội dung")


@blueprint.route("/opinions/notify")
class Notifying(MethodView):
    """Reporters were told the answers."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record that the reporters know the answers to one or several opinions."""

        def make(asked: Asked) -> NotifyReporter:
            return NotifyReporter(on=civil_date(asked.step.at))

        return ask(Action.ACKNOWLEDGE_OPINION, body, make)


@blueprint.route("/opinions/feedback")
class GivingFeedback(MethodView):
    """Reporters say what they think of answers."""

    @blueprint.arguments(Feedback)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record feedback under one or several receipts; a merged one speaks to its head."""

        def make(asked: Asked) -> Plan:
            head_id = asked.row["head_id"] or asked.opinion_id
            head = read_model.one(asked.step.connection, head_id)
            if head["answered_on"] is None:
                raise Refused("opinion.not_answered", state=head["state"])
            window = limits.limit(asked.province, limits.FEEDBACK, head["answered_on"])
            command = GiveFeedback(
                reporter=asked.opinion_id,
                satisfaction=body["satisfaction"],
                reasons=tuple(body["reasons"]),
                on=civil_date(asked.step.at),
                window=window,
            )
            return [(head_id, command)]

        return ask(Action.GIVE_FEEDBACK, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/request-reopening")
class AskingToReopen(MethodView):
    """Somebody wants matters to be taken up again."""

    @blueprint.arguments(Reasons)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record that one or several answered matters should be taken up again."""

        def make(asked: Asked) -> RequestReopening:
            on = civil_date(asked.step.at)
            return RequestReopening(on=on, reasons=tuple(body["reasons"]))

        return ask(Action.GIVE_FEEDBACK, body, make)


@blueprint.route("/opinions/reopen")
class Reopening(MethodView):
    """Matters are taken up again."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Take one or several matters up again, as was asked: a new round begins."""

        def make(asked: Asked) -> ReopenOpinion:
            on = civil_date(asked.step.at)
            at_level = limits.reopenings_at_level(asked.province, on)
            return ReopenOpinion(on=on, reopenings_at_level=at_level)

        rules = (ReferenceKind.PROVINCE, ReferenceKind.REGULATION)
        return ask(Action.REOPEN_OPINION, body, make, *rules)


@blueprint.route("/opinions/decline-reopening")
class DecliningToReopen(MethodView):
    """Answers stand."""

    @blueprint.arguments(RefuseReopening)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Decline to take one or several matters up again, with a coded reason."""

        def make(asked: Asked) -> DeclineReopening:
            return DeclineReopening(on=civil_date(asked.step.at), reason=body["reason"])

        return ask(Action.REOPEN_OPINION, body, make)


@blueprint.route("/opinions/close")
class Closing(MethodView):
    """Nothing is left to be done."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Close one or several answered opinions whose time for feedback is over."""

        def make(asked: Asked) -> CloseOpinion:
            stands = known_sessions.commitment_stands(
                asked.step.connection, asked.row["commitment_id"]
            )
            return CloseOpinion(on=civil_date(asked.step.at), commitment_stands=stands)

        return ask(Action.CLOSE_OPINION, body, make)


@blueprint.route("/opinions/link-recurrence")
class Linking(MethodView):
    """Matters are here again."""

    @blueprint.arguments(Link)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Link one or several opinions to an earlier one of the province that has its answer."""
        earlier_id = str(body["earlier_id"])

        def make(asked: Asked) -> LinkRecurrence:
            earlier = read_model.one(
                asked.step.connection, earlier_id, province=asked.province.slug
            )
            if earlier["answered_on"] is None:
                raise Refused("opinion.not_answered", state=earlier["state"])
            return LinkRecurrence(
                earlier_id=earlier_id,
                earlier_answered_on=earlier["answered_on"],
                on=civil_date(asked.step.at),
            )

        return ask(Action.LINK_OPINION, body, make)


@blueprint.route("/opinions/mark-good-practice")
class Marking(MethodView):
    """Cases are examples for others."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Mark one or several answered opinions as good practice."""

        def make(asked: Asked) -> MarkGoodPractice:
            return MarkGoodPractice(on=civil_date(asked.step.at))

        return ask(Action.LINK_OPINION, body, make)


@blueprint.route("/opinions/request-erasure")
class AskingToErase(MethodView):
    """Persons concerned want texts to be erased."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Record that the texts of one or several opinions should be erased."""

        def make(asked: Asked) -> RequestErasure:
            on = civil_date(asked.step.at)
            deadline = limits.limit(asked.province, limits.ERASURE_ANSWER, on)
            return RequestErasure(on=on, deadline=deadline)

        return ask(Action.REQUEST_ERASURE, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/decide-erasure")
class DecidingToErase(MethodView):
    """Requests to erase are answered."""

    @blueprint.arguments(ErasureDecision)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Grant or refuse the requests for one or several opinions."""

        def make(asked: Asked) -> DecideErasure:
            on = civil_date(asked.step.at)
            asked_on = asked.row["erasure_requested_on"] or on
            deadline = limits.limit(asked.province, limits.ERASURE, asked_on)
            return DecideErasure(on=on, refusal=body["refusal"], deadline=deadline)

        return ask(Action.DECIDE_ERASURE, body, make, *RULES_OF_A_LIMIT)


@blueprint.route("/opinions/erase")
class Erasing(MethodView):
    """Texts are destroyed."""

    @blueprint.arguments(Opinions)
    @blueprint.response(200, VersionsSchema)
    def post(self, body: dict[str, Any]) -> Response:
        """Destroy the texts of one or several opinions, as was granted. No figure changes."""

        def make(asked: Asked) -> EraseNarrative:
            return EraseNarrative(on=civil_date(asked.step.at), texts=erasure.destroy(asked))

        return ask(Action.DECIDE_ERASURE, body, make)


@blueprint.route("/timers/opinions")
class Timers(MethodView):
    """The daily look at what lapses and what can be closed."""

    @blueprint.arguments(Timer)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Look now; answers how many opinions lapsed, and how many were closed by it."""
        province = body["province"]
        allowed(Action.RUN_TIMERS, province=province)
        return jsonify(look(runtime(), province))
