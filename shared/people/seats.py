"""Seats: offices that act, each with its role and scope, from a day and until one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from shared.access import Role
from shared.access.token import check_issue
from shared.kernel.errors import Conflict, NotFound
from shared.people import tables
from shared.store import Store, insert_if_free

LIST_MAX = 1_000
_seat = tables.seat.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An office. A scope that is None is not limited."""

    seat: str
    role: Role
    province: str | None
    agency: str | None
    unit: str | None
    valid_from: date
    valid_to: date | None = None
    """Last day; None while no end is known."""

    def is_there(self, on: date) -> bool:
        """Return whether there is such a seat on the day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Seats:
    """The seats of a deployment."""

    __slots__ = ("_store",)

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, seat: Seat) -> Seat:
        """Return `seat`, there from now on; the same again changes nothing.

        Raises:
            BadInput: as `shared.access.token.check_issue`.
            Conflict: `people.seat_differs` when another seat has this key.

        """
        check_issue(
            seat=seat.seat,
            role=seat.role,
            province=seat.province,
            agency=seat.agency,
            unit=seat.unit,
        )
        with self._store.write() as tx:
            insert = insert_if_free(tx.connection, tables.seat)
            tx.connection.execute(insert, _row(seat))
            if find(tx.connection, seat.seat) != seat:
                raise Conflict("people.seat_differs", seat=seat.seat)
        return seat

    def end(self, key: str, last_day: date, *, province: str | None = None) -> Seat:
        """Return the seat, abolished after `last_day`.

        Raises:
            NotFound: `people.unknown_seat`; with `province`, also for one of another scope.

        """
        with self._store.write() as tx:
            _mine(tx.connection, key, province)
            tx.connection.execute(
                tables.seat.update().where(_seat.seat == key).values(valid_to=last_day)
            )
            return _mine(tx.connection, key, province)

    def find(self, key: str) -> Seat:
        """Return the seat called `key`.

        Raises:
            NotFound: `people.unknown_seat`.

        """
        with self._store.read() as connection:
            return _mine(connection, key, None)

    def list(self, *, province: str | None = None, after: str = "") -> Sequence[Seat]:
        """Return up to 1,000 seats by key, those after `after`; of `province`, or of all."""
        query = sa.select(tables.seat).where(_seat.seat > after).order_by(_seat.seat)
        if province is not None:
            query = query.where(_seat.province == province)
        with self._store.read() as connection:
            return [_of(row) for row in connection.execute(query.limit(LIST_MAX)).mappings()]


def find(connection: sa.Connection, key: str) -> Seat | None:
    """Return the seat called `key`."""
    query = sa.select(tables.seat).where(_seat.seat == key)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _of(row)


def _mine(connection: sa.Connection, key: str, province: str | None) -> Seat:
    found = find(connection, key)
    if found is None or province not in (None, found.province):
        raise NotFound("people.unknown_seat")
    return found


def _of(row: sa.RowMapping) -> Seat:
    return Seat(**{**row, "role": Role(row["role"])})


def _row(seat: Seat) -> dict[str, object]:
    return {
        "seat": seat.seat,
        "role": seat.role.value,
        "province": seat.province,
        "agency": seat.agency,
        "unit": seat.unit,
        "valid_from": seat.valid_from,
        "valid_to": seat.valid_to,
    }
