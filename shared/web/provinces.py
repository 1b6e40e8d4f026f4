"""A province whose file was put into the folder: its log is opened without a restart."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.web.callers import allowed
from shared.web.current import runtime

blueprint = Blueprint(
    "provinces", __name__, url_prefix="/provinces", description="Mở sổ cho một tỉnh mới"
)


class NewProvince(ma.Schema):
    """Which file of the folder."""

    province = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[a-z0-9-]{1,64}\Z"))


@blueprint.route("")
class Provinces(MethodView):
    """The provinces that this service keeps a log for."""

    @blueprint.arguments(NewProvince)
    @blueprint.response(200)
    def post(self, body: dict[str, Any]) -> Response:
        """Open the province's log, if it isn't yet; answers its name and its size.

        It begins with the files that it adopts. To be repeated at will.
        """
        allowed(Action.ADD_PROVINCE, province=body["province"])
        log = runtime().ledger.log(body["province"])
        return jsonify({"origin": log.origin, "size": log.size()})
