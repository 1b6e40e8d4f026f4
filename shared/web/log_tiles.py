"""The log as files that anybody can verify: checkpoint, keys, tiles, bundles of entries.

Source: https://c2sp.org/tlog-tiles. What a checkpoint covers never changes, so a cache may
keep it for ever. Checkpoint, keys and hashes tell nothing but that entries are there; the
entries themselves are for those who may read the log.
"""

from flask import Response, request
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.log import EventLog
from shared.eventlog.tiles import Bundle, Tile, encode_bundle, parse_path
from shared.kernel.errors import NotFound
from shared.web.callers import allowed
from shared.web.current import runtime
from shared.web.log import province_of_origin

blueprint = Blueprint(
    "log_tiles", __name__, url_prefix="/log", description="Sổ sự kiện: kiểm chứng"
)

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_THE_CALLER = "private, max-age=31536000, immutable"
_BRIEFLY = "public, max-age=5"
_TEXT = "text/plain; charset=utf-8"
_BYTES = "application/octet-stream"


@blueprint.route("/<path:origin>/checkpoint")
class NewestCheckpoint(MethodView):
    """How the log stands, signed."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_TEXT)
    def get(self, origin: str) -> Response:
        """Return the newest checkpoint, a signed note."""
        _, _, newest = _signed(origin)
        return _answer(newest.note, _TEXT, _BRIEFLY)


@blueprint.route("/<path:origin>/keys")
class Keys(MethodView):
    """Whom the log is signed by."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_TEXT)
    def get(self, origin: str) -> Response:
        """Return the log's verifier keys, one on each line, the first to sign at the top."""
        _, checkpoints, _ = _signed(origin)
        lines = "".join(f"{key.verifier_key}\n" for key in checkpoints.log_keys())
        return _answer(lines.encode(), _TEXT, _BRIEFLY)


@blueprint.route("/<path:origin>/tile/<path:place>")
class HashTiles(MethodView):
    """Hashes, up to the newest checkpoint."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_BYTES)
    def get(self, origin: str, place: str) -> Response:
        """Return a tile: its hashes, one after the other."""
        tile = parse_path(f"tile/{place}")
        _, checkpoints, newest = _signed(origin)
        if not isinstance(tile, Tile) or tile.positions.stop > newest.size:
            raise NotFound("eventlog.no_such_tile")
        return _answer(checkpoints.tile(tile), _BYTES, _FOR_EVER)


@blueprint.route("/<path:origin>/tile/entries/<path:place>")
class EntryBundles(MethodView):
    """Entries, up to the newest checkpoint."""

    @blueprint.response(200, content_type=_BYTES)
    def get(self, origin: str, place: str) -> Response:
        """Return a bundle: its entries, each after its length in two bytes."""
        allowed(Action.READ_LOG, province=province_of_origin(origin))
        bundle = parse_path(f"tile/entries/{place}")
        log, _, newest = _signed(origin)
        if not isinstance(bundle, Bundle) or bundle.positions.stop > newest.size:
            raise NotFound("eventlog.no_such_tile")
        return _answer(_bundle(log, bundle), _BYTES, _FOR_THE_CALLER)


def _signed(origin: str) -> tuple[EventLog, Checkpoints, KeptCheckpoint]:
    ledger = runtime().ledger
    log = ledger.by_origin(origin)
    checkpoints = ledger.checkpoints(log)
    newest = checkpoints.newest()
    if newest is None:
        raise NotFound("eventlog.no_checkpoint", origin=origin)
    return log, checkpoints, newest


def _bundle(log: EventLog, bundle: Bundle) -> bytes:
    """Return the entries of `bundle`; a page may hold fewer of large ones."""
    contents: list[bytes] = []
    while len(contents) < bundle.width:
        page = log.read(bundle.positions.start + len(contents) - 1, bundle.width - len(contents))
        if not page:
            raise NotFound("eventlog.no_such_tile")
        contents += [entry.content for entry in page]
    return encode_bundle(contents)


def _answer(content: bytes, content_type: str, caching: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = caching
    response.add_etag()
    response.make_conditional(request)
    return response
