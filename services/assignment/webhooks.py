"""Which agencies are sent their feed over HTTP, how far each has got, who waits and why."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.assignment.tables import feed, feed_webhook
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.store import insert_if_free
from shared.vault import SigningKeys

LIST_MAX = 1_000
ROTATION_S = 24 * 3600.0
"""How long the former secret signs as well, after a new one was given out."""
PAUSED = "webhook.paused"
"""An operator has paused it."""

_mine = feed_webhook.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A registered webhook."""

    province: str
    agency: str
    registration_id: str
    """Another one with each change by an operator, so that what is under way can tell."""
    registered_at: str
    url: str = field(repr=False)
    """May hold a token of the receiver's own: shown to operators, never logged."""
    key_id: str
    former_key_id: str | None
    former_until: float | None
    """Seconds since 1970."""
    delivered_seq: int
    """Number of the last entry that was received, 0 before the first."""
    paused_code: str | None
    """Why nothing goes out until an operator resumes it."""
    held_code: str | None
    """Why nothing goes out for now; None while deliveries succeed."""
    held_status: int | None
    """HTTP status that was answered, None where there was no answer."""
    attempts: int
    """Failed ones in a row."""
    retry_at: float | None
    """Seconds since 1970."""
    tried_at: float

    @property
    def name(self) -> str:
        """What a log line calls it."""
        return f"{self.province}/{self.agency}"

    @property
    def state(self) -> str:
        """`paused`, `held` or `active`."""
        return "paused" if self.paused_code else "held" if self.held_code else "active"

    def message_id(self, feed_seq: int) -> str:
        """Return the id of a delivery, the same on every repeat: the number is signed with it."""
        return f"{self.province}:{self.agency}:{feed_seq}"


def register(
    connection: sa.Connection,
    keys: SigningKeys,
    *,
    province: str,
    agency: str,
    url: str,
    at: datetime,
    after: int | None,
) -> tuple[Webhook, bytes | None]:
    """Return the registration, and its secret if it is new.

    Registering again changes the address, ends a pause or a hold, and keeps the secret;
    `after` moves the cursor, None leaves it.
    """
    changes = _anew(at) | {"url": url, "registered_at": rfc3339(at)}
    if after is not None:
        changes["delivered_seq"] = after
    if _change(connection, province, agency, changes):
        return find(connection, province, agency), None
    key_id, key = keys.make(connection, at)
    row = {"province": province, "agency": agency, "key_id": key_id, "delivered_seq": 0, **changes}
    if not connection.execute(insert_if_free(connection, feed_webhook), row).rowcount:
        keys.destroy(connection, key_id)  # somebody else's registration came first
        _change(connection, province, agency, changes)
        return find(connection, province, agency), None
    return find(connection, province, agency), key


def rotate(
    connection: sa.Connection, keys: SigningKeys, webhook: Webhook, *, at: datetime, at_once: bool
) -> bytes:
    """Return a new secret. The former one signs beside it for `ROTATION_S`, unless `at_once`."""
    key_id, key = keys.make(connection, at)
    doomed = [webhook.former_key_id]
    changes: dict[str, Any] = {
        "key_id": key_id,
        "former_key_id": webhook.key_id,
        "former_until": at.timestamp() + ROTATION_S,
    }
    if at_once:
        doomed.append(webhook.key_id)
        changes |= {"former_key_id": None, "former_until": None}
    for each in doomed:
        if each is not None:
            keys.destroy(connection, each)
    _change(connection, webhook.province, webhook.agency, _anew(at) | changes)
    return key


def forget_former(connection: sa.Connection, keys: SigningKeys, now_s: float) -> None:
    """Destroy the former secrets whose time is over."""
    query = sa.select(feed_webhook).where(_mine.former_until <= now_s).limit(LIST_MAX)
    for row in connection.execute(query).mappings().all():
        keys.destroy(connection, row["former_key_id"])
        gone = {"former_key_id": None, "former_until": None}
        _change(connection, row["province"], row["agency"], gone)


def pause(connection: sa.Connection, webhook: Webhook, at: datetime) -> None:
    """Send nothing more until it is resumed."""
    changes = _anew(at) | {"paused_code": PAUSED}
    _change(connection, webhook.province, webhook.agency, changes)


def resume(connection: sa.Connection, webhook: Webhook, at: datetime) -> None:
    """Send again at once, from where it stood."""
    _change(connection, webhook.province, webhook.agency, _anew(at))


def remove(connection: sa.Connection, keys: SigningKeys, webhook: Webhook) -> None:
    """Forget the webhook, and destroy its secrets."""
    for each in (webhook.key_id, webhook.former_key_id):
        if each is not None:
            keys.destroy(connection, each)
    connection.execute(feed_webhook.delete().where(_is(webhook.province, webhook.agency)))


def find(connection: sa.Connection, province: str, agency: str, *, locked: bool = False) -> Webhook:
    """Return one webhook; `locked` until the transaction ends, where rows can be.

    Raises:
        NotFound: `webhook.unknown`.

    """
    query = sa.select(feed_webhook).where(_is(province, agency))
    row = connection.execute(query.with_for_update() if locked else query).mappings().one_or_none()
    if row is None:
        raise NotFound("webhook.unknown")
    return Webhook(**row)


def of_province(connection: sa.Connection, province: str) -> list[Webhook]:
    """Return every webhook of `province`, by agency."""
    query = sa.select(feed_webhook).where(_mine.province == province)
    rows = connection.execute(query.order_by(_mine.agency).limit(LIST_MAX)).mappings()
    return [Webhook(**row) for row in rows]


def to_serve(connection: sa.Connection, now_s: float) -> list[Webhook]:
    """Return webhooks with something to send that neither are paused nor wait at `now_s`.

    `now_s` is in seconds since 1970. Who was tried longest ago comes first.
    """
    own = (feed.c.province == _mine.province) & (feed.c.agency == _mine.agency)
    query = (
        sa.select(feed_webhook)
        .join_from(feed_webhook, feed, own)
        .where(
            feed.c.next_seq - 1 > _mine.delivered_seq,
            _mine.paused_code.is_(None),
            _mine.retry_at.is_(None) | (_mine.retry_at <= now_s),
        )
        .order_by(_mine.tried_at, _mine.province, _mine.agency)
        .limit(LIST_MAX)
    )
    return [Webhook(**row) for row in connection.execute(query).mappings()]


def move(connection: sa.Connection, webhook: Webhook, delivered_seq: int, now_s: float) -> bool:
    """Note that the receiver has `delivered_seq`; return False if an operator has intervened."""
    return _settle(
        connection,
        webhook,
        {
            "delivered_seq": delivered_seq,
            "held_code": None,
            "held_status": None,
            "attempts": 0,
            "retry_at": None,
            "tried_at": now_s,
        },
    )


def hold(
    connection: sa.Connection,
    webhook: Webhook,
    *,
    code: str,
    status: int | None,
    now_s: float,
    pause_s: float | None,
) -> None:
    """Note why the next entry was not received; try again in `pause_s`, None: when resumed."""
    changes = {
        "held_code": code,
        "held_status": status,
        "attempts": webhook.attempts + 1,
        "retry_at": None if pause_s is None else now_s + pause_s,
        "tried_at": now_s,
    }
    if pause_s is None:
        changes["paused_code"] = code
    _settle(connection, webhook, changes)


def _anew(at: datetime) -> dict[str, Any]:
    """Return what every change by an operator does: a fresh start."""
    return {
        "registration_id": new_id(at),
        "paused_code": None,
        "held_code": None,
        "held_status": None,
        "attempts": 0,
        "retry_at": None,
        "tried_at": 0.0,
    }


def _settle(connection: sa.Connection, webhook: Webhook, changes: dict[str, Any]) -> bool:
    # Only if nobody moved the cursor or changed the registration while it was sent.
    query = feed_webhook.update().where(
        _is(webhook.province, webhook.agency),
        _mine.registration_id == webhook.registration_id,
        _mine.delivered_seq == webhook.delivered_seq,
    )
    return connection.execute(query.values(**changes)).rowcount == 1


def _change(connection: sa.Connection, province: str, agency: str, changes: dict[str, Any]) -> bool:
    query = feed_webhook.update().where(_is(province, agency)).values(**changes)
    return connection.execute(query).rowcount == 1


def _is(province: str, agency: str) -> sa.ColumnElement[bool]:
    return (_mine.province == province) & (_mine.agency == agency)
