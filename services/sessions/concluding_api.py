"""Sessions over HTTP after the room: minutes, conclusion, amendments, results, texts."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.sessions import notices, written
from services.sessions.answer_schemas import StandingSchema
from services.sessions.asking import REGULATED, ask, row_of
from services.sessions.concluding_schemas import Amend, Approve, Conclude, Correct, Publish
from services.sessions.schemas import TextQuery
from shared.access import Action
from shared.contracts.vocabulary import ReferenceKind, Visibility
from shared.kernel.errors import NotFound
from shared.web.callers import allowed_somewhere
from shared.web.current import runtime
from shared.web.perform import expected_version, perform
from shared.web.purposes import check_purpose

_DUE = (*REGULATED, ReferenceKind.CALENDAR)

blueprint = Blueprint("concluding", __name__, description="Biên bản, kết luận, kết quả")


@blueprint.route("/sessions/<uuid:session_id>/minutes")
class Minutes(MethodView):
    """The minutes."""

    @blueprint.arguments(Approve)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Approve them: from now on the figures of the session are frozen."""
        return ask(
            Action.APPROVE_MINUTES,
            session_id,
            body,
            lambda row, step: [written.approval(runtime(), row, body, step)],
        )

    @blueprint.arguments(TextQuery, location="query")
    @blueprint.response(200)
    def get(self, query: dict[str, Any], session_id: UUID) -> Response:
        """Return them as approved and as corrected, oldest first; the reading is logged."""
        opened = runtime()
        known = allowed_somewhere(Action.READ_MINUTES)
        row = row_of(session_id, {"province": None}, known)
        with opened.store.write() as tx:
            return jsonify(
                {
                    "session_id": row["session_id"],
                    "minutes": written.minutes(
                        opened, tx.connection, row, reader=known.seat, purpose=query["purpose"]
                    ),
                }
            )


@blueprint.route("/sessions/<uuid:session_id>/minutes/correct")
class Correcting(MethodView):
    """A correction of approved minutes."""

    @blueprint.arguments(Correct)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Say what they are to say from now on, and why; the former words stay."""
        return ask(
            Action.APPROVE_MINUTES,
            session_id,
            body,
            lambda row, step: [written.correction(runtime(), row, body, step)],
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
        row_of(session_id, body, known)
        expected = expected_version(request)
        return perform(
            opened,
            known,
            lambda step: notices.conclude(opened, str(session_id), body, step, expected),
        )


@blueprint.route("/sessions/<uuid:session_id>/conclusion/check")
class Checking(MethodView):
    """A draft of the conclusion notice."""

    @blueprint.arguments(Conclude)
    @blueprint.response(200)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Return every fault and warning; nothing is recorded, and no text is kept."""
        known = allowed_somewhere(Action.HOLD_SESSION)
        row_of(session_id, body, known)
        return jsonify(notices.check(runtime(), str(session_id), body, known))


@blueprint.route("/sessions/<uuid:session_id>/conclusion/amend")
class Amending(MethodView):
    """An amending notice."""

    @blueprint.arguments(Amend)
    @blueprint.response(201)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Issue it with all commitments that are to hold, or name everything that is missing."""
        opened = runtime()
        known = allowed_somewhere(Action.ISSUE_CONCLUSION)
        row_of(session_id, body, known)
        expected = expected_version(request)
        return perform(
            opened,
            known,
            lambda step: notices.amend(opened, str(session_id), body, step, expected),
        )


@blueprint.route("/sessions/<uuid:session_id>/results")
class Results(MethodView):
    """The results, made public."""

    @blueprint.arguments(Publish)
    @blueprint.response(200, StandingSchema)
    def post(self, body: dict[str, Any], session_id: UUID) -> Response:
        """Note the day on which they were; answers how late that was."""
        return ask(
            Action.PUBLISH_RESULTS,
            session_id,
            body,
            lambda row, step: [written.publication(runtime(), row, body, step)],
            rules=_DUE,
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
