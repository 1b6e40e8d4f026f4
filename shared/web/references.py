"""Reference files that logs of the service have adopted, by their hash."""

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.adoption import stored
from shared.web.callers import allowed_somewhere
from shared.web.current import runtime

blueprint = Blueprint(
    "references", __name__, url_prefix="/references", description="Tệp tham chiếu đã dùng"
)

MAX_AGE_S = 31_536_000
"""A year: under one hash there is one content for ever."""


@blueprint.route("/<sha256>")
class ReferenceFile(MethodView):
    """One version of a regulation, calendar, taxonomy, province or statistic."""

    @blueprint.response(200, content_type="text/plain")
    def get(self, sha256: str) -> Response:
        """Return the file's own bytes, UTF-8; verified against the hash before they leave."""
        allowed_somewhere(Action.READ_REFERENCES)
        opened = runtime()
        with opened.store.read() as connection:
            content = stored(connection, opened.definition.references, sha256)
        response = Response(content, content_type="text/plain; charset=utf-8")
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Private: a cache between must not hand it to somebody without a token.
        response.headers["Cache-Control"] = f"private, max-age={MAX_AGE_S}, immutable"
        response.set_etag(sha256)
        return response
