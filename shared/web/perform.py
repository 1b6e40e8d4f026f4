"""Carrying out a command once, however often the request for it arrives."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Request, Response, json, request

from shared.access import Caller
from shared.kernel.clock import rfc3339
from shared.kernel.errors import BadInput, Conflict
from shared.kernel.ids import derived_id, new_id
from shared.runtime import Runtime
from shared.store import Transaction

KEY_HEADER = "Idempotency-Key"
KEY_MAX_CHARACTERS = 128
_VERSION = re.compile(r'(?:W/)?"(?P<quoted>[0-9]{1,15})"|(?P<bare>[0-9]{1,15})')


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command under way: its transaction, its identity, who gave it and when."""

    tx: Transaction
    command_id: str
    actor: str
    at: datetime

    @property
    def connection(self) -> sa.Connection:
        """The transaction's connection."""
        return self.tx.connection


Body = Mapping[str, Any]
Work = Callable[[Step], tuple[int, Body]]
"""Does the command and returns status and body; the body holds codes and ids only."""


def perform(runtime: Runtime, caller: Caller, work: Work, *, key: str | None = None) -> Response:
    """Do `work` in one transaction and return its answer.

    With an `Idempotency-Key` header, or the `key` of a form, the same request again gets the
    first answer, and does nothing, for `requests.KEPT_DAYS`; another request under the same
    key is a conflict.

    Raises:
        BadInput: `request.key_empty`, `request.key_too_long`.
        Conflict: `request.key_reused`.
        AppError: whatever `work` raises; then nothing is recorded, and the key is free.

    """
    now = runtime.clock()
    key = request.headers.get(KEY_HEADER, key)
    if key is None:
        with runtime.store.write() as tx:
            step = Step(tx=tx, command_id=new_id(now), actor=caller.seat, at=now)
            return _answer(*work(step))
    if not key.strip():
        raise BadInput("request.key_empty")
    if len(key) > KEY_MAX_CHARACTERS:
        raise BadInput("request.key_too_long", limit=KEY_MAX_CHARACTERS)
    command_id = derived_id("request", caller.token_id, key)
    fingerprint = _fingerprint()
    answered = runtime.definition.requests.answered
    mine = answered.c.command_id == command_id
    with runtime.store.write() as tx:
        while not _claim(tx, answered, command_id, fingerprint, now):
            row = tx.connection.execute(sa.select(answered).where(mine)).one_or_none()
            if row is None:
                continue  # so old that it was forgotten just now
            if row.fingerprint != fingerprint:
                raise Conflict("request.key_reused")
            return _answer(row.status, json.loads(row.body), replayed=True)
        status, body = work(Step(tx=tx, command_id=command_id, actor=caller.seat, at=now))
        done = {"status": status, "body": json.dumps(body)}
        tx.connection.execute(answered.update().where(mine).values(done))
    return _answer(status, body)


def _claim(
    tx: Transaction, answered: sa.Table, command_id: str, fingerprint: str, now: datetime
) -> bool:
    """Return whether this request is the first of its key; wait for one that is under way.

    The row comes before the work, so that of two at the same time the second waits here,
    holding nothing, until the first is answered or has failed.
    """
    claimed = tx.connection.execute(
        sa.text(
            f"INSERT INTO {answered.name} (command_id, fingerprint, status, body, at) "  # noqa: S608
            "VALUES (:command_id, :fingerprint, 0, '', :at) "
            "ON CONFLICT (command_id) DO NOTHING"
        ),
        {"command_id": command_id, "fingerprint": fingerprint, "at": rfc3339(now)},
    )
    return claimed.rowcount == 1


def expected_version(of: Request) -> int | None:
    """Return the version that the caller has seen, from `If-Match`; None when absent.

    Raises:
        BadInput: `request.bad_version`.

    """
    given = of.headers.get("If-Match", "").strip()
    if not given:
        return None
    # Weak too: a proxy that compresses turns the ETag it was given into a weak one.
    version = _VERSION.fullmatch(given)
    if version is None:
        raise BadInput("request.bad_version")
    return int(version["quoted"] or version["bare"])


def _fingerprint() -> str:
    seen = request.headers.get("If-Match", "")
    digest = hashlib.sha256(f"{request.method} {request.full_path} {seen}".rstrip().encode())
    digest.update(b"\n" + request.get_data(cache=True))
    return digest.hexdigest()


def _answer(status: int, body: Body, *, replayed: bool = False) -> Response:
    response = Response(json.dumps(body), status=status, content_type="application/json")
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response
