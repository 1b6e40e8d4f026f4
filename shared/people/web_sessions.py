"""Browsers that are signed in, and the seat that each acts for. Kept at the server."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from shared.access import Caller
from shared.kernel.clock import Clock, civil_date, rfc3339
from shared.kernel.errors import Forbidden, Unauthenticated
from shared.kernel.ids import new_id
from shared.people import tables
from shared.people.digests import digest_of
from shared.people.holdings import seats_on
from shared.people.seats import Seat
from shared.store import Store

IDLE_MAX = timedelta(minutes=30)
LIFETIME_MAX = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
"""A look within it is not written down: reading pages stays reading."""
_session = tables.web_session.c


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A browser that is signed in."""

    session_id: str
    person_id: str
    csrf: str = field(repr=False)
    seat: Seat | None
    """Whom it acts for; None while no seat is chosen, or the holding is over."""
    seats: tuple[Seat, ...]
    """All that the person is on today."""

    def caller(self) -> Caller:
        """Return who calls by this session.

        Raises:
            Forbidden: `people.no_seat` while it acts for none.

        """
        if self.seat is None:
            raise Forbidden("people.no_seat")
        return Caller(
            token_id=f"session:{self.session_id}",
            seat=self.seat.seat,
            role=self.seat.role,
            province=self.seat.province,
            agency=self.seat.agency,
            unit=self.seat.unit,
        )


class WebSessions:
    """The signed-in browsers of a deployment."""

    __slots__ = ("_clock", "_store")

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, person_id: str) -> str:
        """Return the secret of a new session, which acts for the person's seat if it is one."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        with self._store.write() as tx:
            mine = seats_on(tx.connection, person_id, civil_date(now))
            row = {
                "session_id": new_id(now),
                "secret_sha256": digest_of(secret),
                "person_id": person_id,
                "seat": None,
                "csrf": secrets.token_urlsafe(24),
                "begun_at": rfc3339(now),
                "seen_at": rfc3339(now),
                "ended_at": None,
            }
            tx.connection.execute(tables.web_session.insert(), row)
            if len(mine) == 1:
                _act(tx.connection, str(row["session_id"]), person_id, mine[0].seat, now)
        return secret

    def find(self, secret: str | None) -> WebSession:
        """Return the session of `secret`, which is used at this moment.

        Raises:
            Unauthenticated: `people.signed_out`, whether it is unknown, ended or too old.

        """
        now = self._clock()
        with self._store.read() as connection:
            row = _row(connection, secret)
            if row is None or not _is_alive(row, now):
                raise Unauthenticated("people.signed_out")
            mine = tuple(seats_on(connection, row.person_id, civil_date(now)))
        if now - datetime.fromisoformat(row.seen_at) >= _SEEN_EVERY:
            self._see(row.session_id, now)
        chosen = next((seat for seat in mine if seat.seat == row.seat), None)
        return WebSession(
            session_id=row.session_id,
            person_id=row.person_id,
            csrf=row.csrf,
            seat=chosen,
            seats=mine,
        )

    def act_for(self, session: WebSession, seat: str) -> None:
        """Act for another seat of the person from now on; it is written down.

        Raises:
            Forbidden: `people.not_on_seat`.

        """
        if seat not in {mine.seat for mine in session.seats}:
            raise Forbidden("people.not_on_seat")
        with self._store.write() as tx:
            now = self._clock()
            _act(tx.connection, session.session_id, session.person_id, seat, now)

    def end(self, session: WebSession) -> None:
        """Sign out."""
        self._end(_session.session_id == session.session_id)

    def end_all(self, person_id: str) -> None:
        """Sign a person out everywhere."""
        self._end(_session.person_id == person_id)

    def _end(self, which: sa.ColumnElement[bool]) -> None:
        ended = {"ended_at": rfc3339(self._clock())}
        with self._store.write() as tx:
            tx.connection.execute(
                tables.web_session.update().where(which, _session.ended_at.is_(None)).values(ended)
            )

    def _see(self, session_id: str, now: datetime) -> None:
        with self._store.write() as tx:
            tx.connection.execute(
                tables.web_session.update()
                .where(_session.session_id == session_id)
                .values(seen_at=rfc3339(now))
            )


def _act(
    connection: sa.Connection, session_id: str, person_id: str, seat: str, now: datetime
) -> None:
    connection.execute(
        tables.web_session.update().where(_session.session_id == session_id).values(seat=seat)
    )
    row = {"session_id": session_id, "person_id": person_id, "seat": seat, "since": rfc3339(now)}
    connection.execute(tables.acting.insert(), {"acting_id": new_id(now), **row})


def _row(connection: sa.Connection, secret: str | None) -> sa.Row[tuple[object, ...]] | None:
    if not secret:
        return None
    query = sa.select(tables.web_session).where(_session.secret_sha256 == digest_of(secret))
    return connection.execute(query).one_or_none()


def _is_alive(row: sa.Row[tuple[object, ...]], now: datetime) -> bool:
    seen, begun = datetime.fromisoformat(row.seen_at), datetime.fromisoformat(row.begun_at)
    return row.ended_at is None and now - seen < IDLE_MAX and now - begun < LIFETIME_MAX
