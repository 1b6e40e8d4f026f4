"""Persons: an id that may be shown to anybody, and a name that is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from shared.contracts.vocabulary import Visibility
from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import NotFound
from shared.kernel.ids import new_id
from shared.people import tables
from shared.people.accounts import insert_account
from shared.store import Store
from shared.vault import Purpose, Vault

LIST_MAX = 200
_NO_PROVINCE = "all"
_person = tables.person.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. `name` None: erased."""

    person_id: str
    province: str | None
    name: str | None = field(repr=False)


class Persons:
    """The persons of a deployment."""

    __slots__ = ("_clock", "_store", "_vault")

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock

    def add(
        self,
        name: str,
        *,
        province: str | None,
        login: str | None = None,
        subject: str | None = None,
    ) -> str:
        """Return the id of a new person called `name`; with `login`, who has an account.

        Raises:
            BadInput: as `shared.vault.checked_text`; with `login` as `insert_account`.
            Conflict: `people.login_taken`.

        """
        now = self._clock()
        person_id = new_id(now)
        with self._store.write() as tx:
            self._vault.put(
                tx.connection,
                text_id=person_id,
                text=name.strip(),
                province=province or _NO_PROVINCE,
                visibility=Visibility.RESTRICTED,
            )
            row = {"person_id": person_id, "province": province, "added_at": rfc3339(now)}
            tx.connection.execute(tables.person.insert(), row)
            if login is not None:
                insert_account(tx.connection, person_id, login, subject)
        return person_id

    def list(
        self, reader: str, *, province: str | None = None, after: str = ""
    ) -> Sequence[Person]:
        """Return up to 200 persons with their names, by id, after one; `reader`'s look is kept."""
        query = sa.select(tables.person).where(_person.person_id > after)
        if province is not None:
            query = query.where(_person.province == province)
        with self._store.write() as tx:
            rows = tx.connection.execute(query.order_by(_person.person_id).limit(LIST_MAX)).all()
            return [self._named(tx.connection, row, reader) for row in rows]

    def named(self, person_id: str, reader: str, *, province: str | None = None) -> Person:
        """Return one person with the name; `reader`'s look is kept.

        Raises:
            NotFound: `people.unknown_person`; with `province`, also for one of another scope.

        """
        with self._store.write() as tx:
            return self._named(tx.connection, _mine(tx.connection, person_id, province), reader)

    def check(self, person_id: str, *, province: str | None = None) -> None:
        """Return when there is such a person, with `province` in that scope.

        Raises:
            NotFound: `people.unknown_person`.

        """
        with self._store.read() as connection:
            _mine(connection, person_id, province)

    def erase(self, person_id: str) -> bool:
        """Destroy the name; return False when it was before. Who held which seat stays told.

        Raises:
            NotFound: `vault.unknown_text`.

        """
        with self._store.write() as tx:
            return self._vault.erase(tx.connection, person_id, self._clock())

    def _named(self, connection: sa.Connection, row: sa.Row[Any], reader: str) -> Person:
        is_erased = self._vault.find(connection, row.person_id).erased_at is not None
        name = None
        if not is_erased:
            name = self._vault.read(
                connection, text_id=row.person_id, reader=reader, purpose=Purpose.ADMINISTRATION
            )
        return Person(person_id=row.person_id, province=row.province, name=name)


def _mine(connection: sa.Connection, person_id: str, province: str | None) -> sa.Row[Any]:
    query = sa.select(tables.person).where(_person.person_id == person_id)
    row = connection.execute(query).one_or_none()
    if row is None or province not in (None, row.province):
        raise NotFound("people.unknown_person")
    return row
