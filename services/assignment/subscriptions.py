"""Which agencies want their feed over the broker, how far each has got, who is held."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.assignment.tables import feed, feed_subscription
from shared.messaging.naming import agency_key
from shared.store import insert_if_free

LIST_MAX = 1_000

_mine = feed_subscription.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A registered feed."""

    province: str
    agency: str
    registered_at: str
    published_seq: int
    """Number of the last entry that the broker has confirmed, 0 before the first."""
    held_code: str | None
    """Why nothing goes out for now; None while messages flow."""
    attempts: int
    """Failed ones in a row."""

    @property
    def queue(self) -> str:
        """Name of the queue. A queue's arguments can't change, so the name has a version."""
        return f"agency.{self.province}.{self.agency}.v1"

    @property
    def binding_key(self) -> str:
        """What the queue is bound by: everything of this agency."""
        return agency_key(self.province, self.agency, "*")

    def routing_key(self, type_name: str) -> str:
        """Return the key that an event of the type called `type_name` goes out by."""
        return agency_key(self.province, self.agency, type_name)


def register(
    connection: sa.Connection, *, province: str, agency: str, at: str, after: int | None
) -> Subscription:
    """Return the registration, made now if it is new.

    Registering again ends a hold; `after` moves the cursor, None leaves it.
    """
    changes: dict[str, Any] = {"held_code": None, "attempts": 0, "retry_at": None}
    if after is not None:
        changes["published_seq"] = after
    first = {"published_seq": 0, "registered_at": at}
    row = {"province": province, "agency": agency, **first, **changes}
    connection.execute(insert_if_free(connection, feed_subscription), row)
    connection.execute(feed_subscription.update().where(_is(province, agency)).values(**changes))
    query = sa.select(feed_subscription).where(_is(province, agency))
    return _subscription(connection.execute(query).mappings().one())


def of_province(connection: sa.Connection, province: str) -> list[Subscription]:
    """Return every registration of `province`, by agency."""
    query = sa.select(feed_subscription).where(_mine.province == province)
    rows = connection.execute(query.order_by(_mine.agency).limit(LIST_MAX)).mappings()
    return [_subscription(row) for row in rows]


def to_serve(connection: sa.Connection, now_s: float, limit: int) -> list[Subscription]:
    """Return registrations with something to publish that are not held at `now_s`.

    `now_s` is in seconds since 1970. Who was held comes last, so that a slow queue's
    share is what the others leave.
    """
    own = (feed.c.province == _mine.province) & (feed.c.agency == _mine.agency)
    query = (
        sa.select(feed_subscription)
        .join_from(feed_subscription, feed, own)
        .where(
            feed.c.next_seq - 1 > _mine.published_seq,
            _mine.retry_at.is_(None) | (_mine.retry_at <= now_s),
        )
        .order_by(_mine.attempts, _mine.province, _mine.agency)
        .limit(min(limit, LIST_MAX))
    )
    return [_subscription(row) for row in connection.execute(query).mappings()]


def move(connection: sa.Connection, subscription: Subscription, published_seq: int) -> None:
    """Note that the broker has everything up to `published_seq`; whatever held it is over."""
    _update(
        connection,
        subscription,
        published_seq=published_seq,
        held_code=None,
        attempts=0,
        retry_at=None,
    )


def hold(
    connection: sa.Connection,
    subscription: Subscription,
    *,
    published_seq: int,
    code: str,
    attempts: int,
    retry_at_s: float,
) -> None:
    """Note how far the broker went along, why no further, and when to try again."""
    _update(
        connection,
        subscription,
        published_seq=published_seq,
        held_code=code,
        attempts=attempts,
        retry_at=retry_at_s,
    )


def _update(connection: sa.Connection, subscription: Subscription, **changes: Any) -> None:
    # Only if nobody moved the cursor meanwhile: registering again may send it back.
    connection.execute(
        feed_subscription.update()
        .where(
            _is(subscription.province, subscription.agency),
            _mine.published_seq == subscription.published_seq,
        )
        .values(**changes)
    )


def _is(province: str, agency: str) -> sa.ColumnElement[bool]:
    return (_mine.province == province) & (_mine.agency == agency)


def _subscription(row: sa.RowMapping) -> Subscription:
    return Subscription(
        province=row["province"],
        agency=row["agency"],
        registered_at=row["registered_at"],
        published_seq=row["published_seq"],
        held_code=row["held_code"],
        attempts=row["attempts"],
    )
