"""Who is on which seat, from a day and until one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from shared.kernel.errors import Conflict, NotFound
from shared.people import seats, tables
from shared.people.seats import Seat
from shared.store import Store

LIST_MAX = 1_000
_holding = tables.holding.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A person on a seat. Both days inclusive; None while no end is known."""

    holding_id: str
    seat: str
    person_id: str
    valid_from: date
    valid_to: date | None


class Holdings:
    """The holdings of a deployment. A seat has one person at a time, a person any number."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, holding: Holding) -> Holding:
        """Return `holding`, which stands from now on.

        Raises:
            NotFound: `people.unknown_seat`, `people.unknown_person`.
            Conflict: `people.seat_held` while somebody else is on the seat.

        """
        with self._store.write() as tx:
            connection = tx.connection
            # The seat's row is locked: of two that want it, the second sees the first.
            locked = sa.select(tables.seat.c.seat).where(tables.seat.c.seat == holding.seat)
            if connection.execute(locked.with_for_update()).first() is None:
                raise NotFound("people.unknown_seat")
            known = sa.select(tables.person).where(tables.person.c.person_id == holding.person_id)
            if connection.execute(known).first() is None:
                raise NotFound("people.unknown_person")
            others = sa.select(_holding.holding_id).where(
                _holding.seat == holding.seat,
                sa.true() if holding.valid_to is None else _holding.valid_from <= holding.valid_to,
                _holding.valid_to.is_(None) | (_holding.valid_to >= holding.valid_from),
            )
            if connection.execute(others.limit(1)).first() is not None:
                raise Conflict("people.seat_held", seat=holding.seat)
            connection.execute(tables.holding.insert(), _row(holding))
        return holding

    def end(self, holding_id: str, last_day: date) -> None:
        """Let the holding end after `last_day`.

        Raises:
            NotFound: `people.unknown_holding`.

        """
        mine = _holding.holding_id == holding_id
        with self._store.write() as tx:
            changed = tx.connection.execute(
                tables.holding.update().where(mine).values(valid_to=last_day)
            )
            if not changed.rowcount:
                raise NotFound("people.unknown_holding")

    def find(self, holding_id: str) -> Holding:
        """Return one holding.

        Raises:
            NotFound: `people.unknown_holding`.

        """
        found = self._select(_holding.holding_id == holding_id)
        if not found:
            raise NotFound("people.unknown_holding")
        return found[0]

    def of_seat(self, seat: str) -> Sequence[Holding]:
        """Return up to 1,000 holdings of a seat, latest first."""
        return self._select(_holding.seat == seat)

    def of_person(self, person_id: str) -> Sequence[Holding]:
        """Return up to 1,000 holdings of a person, latest first."""
        return self._select(_holding.person_id == person_id)

    def _select(self, condition: sa.ColumnElement[bool]) -> Sequence[Holding]:
        query = sa.select(tables.holding).where(condition)
        query = query.order_by(_holding.valid_from.desc(), _holding.holding_id).limit(LIST_MAX)
        with self._store.read() as connection:
            return [Holding(**row) for row in connection.execute(query).mappings()]


def seats_on(connection: sa.Connection, person_id: str, on: date) -> list[Seat]:
    """Return the seats that a person is on on a day, by key; the seats are there that day."""
    query = (
        sa.select(_holding.seat)
        .where(
            _holding.person_id == person_id,
            _holding.valid_from <= on,
            _holding.valid_to.is_(None) | (_holding.valid_to >= on),
        )
        .order_by(_holding.seat)
        .limit(LIST_MAX)
    )
    found = (seats.find(connection, key) for key in connection.execute(query).scalars().all())
    return [seat for seat in found if seat is not None and seat.is_there(on)]


def _row(holding: Holding) -> dict[str, object]:
    return {name: getattr(holding, name) for name in Holding.__dataclass_fields__}
