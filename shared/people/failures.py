"""Failed sign-ins in a row: each makes the next attempt wait longer."""

from datetime import datetime, timedelta
from math import ceil

import sqlalchemy as sa

from shared.kernel.clock import rfc3339
from shared.kernel.errors import Unavailable
from shared.people import tables
from shared.people.digests import digest_of
from shared.store import insert_if_free

FREE_FAILURES = 5
"""So many of one name cost nothing: people mistype."""
FREE_FAILURES_OF_ADDRESS = 100
"""So many from one address: a whole office may stand behind it."""
WAIT_MAX = timedelta(minutes=15)
_failed = tables.failed_sign_in.c


def check(connection: sa.Connection, tried: str, now: datetime, free: int) -> None:
    """Return when `tried`, of which `free` failures cost nothing, may be tried at `now`.

    Raises:
        Unavailable: `people.too_many_attempts`, with the seconds to wait.

    """
    query = sa.select(tables.failed_sign_in).where(_failed.tried_sha256 == digest_of(tried))
    row = connection.execute(query).one_or_none()
    if row is None:
        return
    free_at = datetime.fromisoformat(row.last_at) + _wait(row.failures - free)
    if now < free_at:
        seconds = ceil((free_at - now).total_seconds())
        raise Unavailable("people.too_many_attempts", seconds=seconds)


def note(connection: sa.Connection, tried: str, now: datetime) -> None:
    """Count one more failure."""
    row = {"tried_sha256": digest_of(tried), "failures": 0, "last_at": rfc3339(now)}
    connection.execute(insert_if_free(connection, tables.failed_sign_in), row)
    connection.execute(
        tables.failed_sign_in.update()
        .where(_failed.tried_sha256 == row["tried_sha256"])
        .values(failures=_failed.failures + 1, last_at=rfc3339(now))
    )


def forget(connection: sa.Connection, tried: str) -> None:
    """Begin anew: it succeeded."""
    connection.execute(
        tables.failed_sign_in.delete().where(_failed.tried_sha256 == digest_of(tried))
    )


def _wait(over: int) -> timedelta:
    return timedelta(0) if over < 0 else min(WAIT_MAX, timedelta(seconds=2 ** min(over, 12)))
