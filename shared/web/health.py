"""Whether the service lives, and whether it can be relied on now."""

import sqlalchemy as sa
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.projections.status import follow_status
from shared.web.current import runtime

blueprint = Blueprint("health", __name__, url_prefix="/health", description="Tình trạng")


@blueprint.route("/live")
class Live(MethodView):
    """The process answers."""

    @blueprint.doc(security=[])
    @blueprint.response(200)
    def get(self) -> Response:
        """Return 200 while the process can answer at all."""
        return jsonify({"service": runtime().name, "live": True})


@blueprint.route("/ready")
class Ready(MethodView):
    """The database answers, no follower is halted, every log may be signed, none is disputed."""

    @blueprint.doc(security=[])
    @blueprint.response(200)
    def get(self) -> tuple[Response, int]:
        """Return 200 when ready, else 503; either way how many logs are halted or refused."""
        opened = runtime()
        with opened.store.read() as connection:
            connection.execute(sa.text("SELECT 1"))
        halted = [
            each for each in follow_status(opened.store, opened.definition.follow) if each.halted
        ]
        refused = [each for each in opened.ledger.standings() if each.refusal is not None]
        complaints = opened.definition.complaints(opened.store)
        is_ready = not halted and not refused and not any(complaints.values())
        body = {
            "service": opened.name,
            "ready": is_ready,
            "halted_logs": len(halted),
            "refused_logs": len(refused),
            **complaints,
        }
        return jsonify(body), 200 if is_ready else 503
