"""The log as files that anybody can verify: checkpoint, keys, tiles, bundles of entries.

Source: https://c2sp.org/tlog-tiles. What a checkpoint covers never changes, so a cache may
keep it for ever. Checkpoint, keys and hashes tell nothing but that entries are there; the
entries themselves are for those who may read the log.
"""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain

from flask import Response, request
from flask.views import MethodView
from flask_smorest import Blueprint

from shared.access import Action
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.log import EventLog
from shared.eventlog.tiles import Bundle, Tile, encode_bundle, parse_path
from shared.kernel.errors import LogTampered, NotFound
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
_PAGE_BYTES = 1024 * 1024


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


@blueprint.route("/<path:origin>/handovers")
class Handovers(MethodView):
    """How the log's keys follow each other."""

    @blueprint.doc(security=[])
    @blueprint.response(200, content_type=_TEXT)
    def get(self, origin: str) -> Response:
        """Return what keys said of those that follow them: signed notes, one after the other."""
        _, checkpoints, _ = _signed(origin)
        return _answer(checkpoints.handovers(), _TEXT, _BRIEFLY)


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
        log, checkpoints, newest = _signed(origin)
        if not isinstance(bundle, Bundle) or bundle.positions.stop > newest.size:
            raise NotFound("eventlog.no_such_tile")
        # The hashes over the entries name them, without reading megabytes of them.
        hashes = checkpoints.tile(Tile(0, bundle.index, bundle.width))
        etag = sha256(hashes).hexdigest()
        if request.if_none_match.contains_weak(etag):
            return _answer(b"", _BYTES, _FOR_THE_CALLER, etag)
        return _answer(_bundle(log, bundle), _BYTES, _FOR_THE_CALLER, etag)


def _signed(origin: str) -> tuple[EventLog, Checkpoints, KeptCheckpoint]:
    ledger = runtime().ledger
    log = ledger.by_origin(origin)
    checkpoints = ledger.checkpoints(log)
    newest = checkpoints.newest()
    if newest is None:
        raise NotFound("eventlog.no_checkpoint", origin=origin)
    return log, checkpoints, newest


def _bundle(log: EventLog, bundle: Bundle) -> Iterator[bytes]:
    """Return the content of `bundle`, to be sent page by page: 256 entries may take 16 MiB.

    The first page is read at once, while there can still be another answer.
    """
    pages = _pages(log, bundle)
    return chain([next(pages)], pages)


def _pages(log: EventLog, bundle: Bundle) -> Iterator[bytes]:
    start, stop = bundle.positions.start, bundle.positions.stop
    while start < stop:
        page = log.read(start - 1, stop - start, _PAGE_BYTES)
        if not page:
            raise LogTampered("eventlog.entry_missing", origin=log.origin, position=start)
        yield encode_bundle([entry.content for entry in page])
        start = page[-1].position + 1


def _answer(
    content: bytes | Iterator[bytes], content_type: str, caching: str, etag: str | None = None
) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = caching
    if etag is None:
        response.add_etag()
    else:
        response.set_etag(etag)
    response.make_conditional(request)
    return response
