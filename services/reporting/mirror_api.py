"""What Reporting cosigned, for everybody; and what it disputes, for those who look after logs."""

from typing import Any

from flask import Response, jsonify, request
from flask.views import MethodView
from flask_smorest import Blueprint

from services.reporting.mirror import NOWHERE, Mirrored, mirrored
from shared.access import Action
from shared.kernel.errors import NotFound
from shared.web.callers import allowed_somewhere
from shared.web.current import runtime

blueprint = Blueprint("mirror", __name__, description="Đối chứng sổ của các dịch vụ")

_TEXT = "text/plain; charset=utf-8"
_BRIEFLY = "public, max-age=5"


@blueprint.route("/log/<path:origin>/cosigned")
class CosignedCheckpoint(MethodView):
    """A log of another service, as far as it agrees with the copy here."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_TEXT)
    def get(self, origin: str) -> Response:
        """Return the last checkpoint that was cosigned here, a signed note."""
        for log in mirrored(runtime().store, origin=origin):
            if log.cosigned is not None:
                return _answer(log.cosigned.note)
        raise NotFound("mirror.not_cosigned", origin=origin)


@blueprint.route("/mirror/keys")
class WitnessKeys(MethodView):
    """Whom the cosignatures are by."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_TEXT)
    def get(self) -> Response:
        """Return the verifier keys that logs are cosigned with here, one on each line."""
        keys = {log.cosigned.by for log in mirrored(runtime().store) if log.cosigned}
        return _answer("".join(f"{key}\n" for key in sorted(keys)).encode())


@blueprint.route("/mirror")
class MirroredLogs(MethodView):
    """The logs that are copied here and that the caller may look after."""

    @blueprint.response(200)
    def get(self) -> Response:
        """Return how far each log is cosigned, and any dispute with both notes, by origin."""
        scope = allowed_somewhere(Action.READ_HEALTH_DETAIL).province
        found = [
            _shown(log) for log in mirrored(runtime().store) if scope in (None, log.log.province)
        ]
        return jsonify({"logs": found})


def _shown(log: Mirrored) -> dict[str, Any]:
    cosigned, found = log.cosigned, log.dispute
    return {
        "origin": log.origin,
        "size": log.log.size,
        "cosigned_size": cosigned.size if cosigned else None,
        "cosigned_at": cosigned.at if cosigned else None,
        "dispute": found
        and {
            "reason": found.reason,
            "position": None if found.position == NOWHERE else found.position,
            "found_at": found.found_at,
            "notes": [each.decode(errors="replace") for each in (found.known, found.other)],
        },
    }


def _answer(content: bytes) -> Response:
    response = Response(content, content_type=_TEXT)
    response.headers["Cache-Control"] = _BRIEFLY
    response.add_etag()
    response.make_conditional(request)
    return response
