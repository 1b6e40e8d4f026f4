"""The witness over HTTP.

Source: https://c2sp.org/tlog-witness. `POST /add-checkpoint` as it says. Anybody may also
`GET /<SHA-256 of a log's name>/checkpoint`, what was cosigned last, and
`…/dispute`, both notes of a log that contradicted itself.
"""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from shared.eventlog.note_key import Signature
from shared.eventlog.proof import ProofInvalid
from shared.kernel.errors import (
    AppError,
    BadInput,
    Conflict,
    ContractError,
    LogTampered,
    NotFound,
    TooLarge,
)
from shared.witness.cosigned import folder_name
from shared.witness.submission import SUBMISSION_MAX_BYTES, Submission
from shared.witness.witness import OtherSize, Witness

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

ADD = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
_TEXT = "text/plain; charset=utf-8"
_PLACE_PARTS = 2

_Answer = tuple[HTTPStatus, str, bytes]


def witness_app(witness: Witness) -> "WSGIApplication":
    """Return the app of `witness`."""
    folders = {folder_name(origin): origin for origin in witness.origins}

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, content_type, content = _answered(witness, folders, environ)
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", str(len(content))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    return app


def _answered(witness: Witness, folders: Mapping[str, str], environ: "WSGIEnvironment") -> _Answer:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    try:
        if path == ADD:
            if method != "POST":
                return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b""
            signature = witness.add(Submission.parse(_body(environ)))
            return HTTPStatus.OK, _TEXT, _lines(signature)
        if method not in ("GET", "HEAD"):
            return HTTPStatus.METHOD_NOT_ALLOWED, _TEXT, b""
        return HTTPStatus.OK, _TEXT, _kept(witness, folders, path)
    except OtherSize as error:
        return HTTPStatus.CONFLICT, SIZE_TYPE, f"{error.size}\n".encode()
    except AppError as error:
        status = _status(error)
        _log.info("%s: %s", path if path == ADD else "another address", error.code)
        return status, _TEXT, f"{error.code}\n".encode()


def _kept(witness: Witness, folders: Mapping[str, str], path: str) -> bytes:
    """Return what is remembered of the log whose folder `path` names.

    Raises:
        NotFound: `witness.no_such_address`.

    """
    parts = path.strip("/").split("/")
    origin = folders.get(parts[0])
    if origin is not None and len(parts) == _PLACE_PARTS:
        notes = witness.notes(origin)
        match parts[1]:
            case "checkpoint" if note := notes.last():
                return note
            case "dispute" if both := notes.dispute():
                return b"\n".join(both)
    raise NotFound("witness.no_such_address")


def _body(environ: "WSGIEnvironment") -> bytes:
    """Return the body, of stated length, or of chunks up to the limit.

    Raises:
        TooLarge: `witness.submission_too_large`.
        BadInput: `witness.submission_malformed` when it ends before its end.

    """
    stated = environ.get("CONTENT_LENGTH") or ""
    if stated and not (stated.isascii() and stated.isdecimal()):
        raise BadInput("witness.submission_malformed")
    if not stated and "HTTP_TRANSFER_ENCODING" not in environ:
        return b""
    length = int(stated) if stated else SUBMISSION_MAX_BYTES + 1
    if stated and length > SUBMISSION_MAX_BYTES:
        raise TooLarge("witness.submission_too_large", limit_bytes=SUBMISSION_MAX_BYTES)
    try:
        content: bytes = environ["wsgi.input"].read(length)
    except (OSError, ValueError):
        raise BadInput("witness.submission_malformed") from None
    if stated and len(content) < length:
        raise BadInput("witness.submission_malformed")
    return content


def _lines(signature: Signature) -> bytes:
    return f"{signature}\n".encode()


def _status(error: AppError) -> HTTPStatus:
    match error:
        case ProofInvalid():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case LogTampered():  # no signature by a key that is known, or a wrong one
            return HTTPStatus.FORBIDDEN
        case TooLarge():
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        case ContractError():
            return HTTPStatus.BAD_REQUEST
        case Conflict():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus(error.status)
