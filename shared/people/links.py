"""Addresses that let a person in once, to choose a password."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import NotFound
from shared.people import tables
from shared.people.digests import digest_of
from shared.store import Store

LIFETIME = timedelta(hours=24)
_link = tables.sign_in_link.c


class Links:
    """The one-time addresses of a deployment."""

    __slots__ = ("_clock", "_store")

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def make(self, person_id: str) -> str:
        """Return the secret of a new address; those before are no longer taken."""
        secret, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "secret_sha256": digest_of(secret),
            "person_id": person_id,
            "expires_at": rfc3339(now + LIFETIME),
        }
        with self._store.write() as tx:
            tx.connection.execute(tables.sign_in_link.delete().where(_link.person_id == person_id))
            tx.connection.execute(tables.sign_in_link.insert(), row)
        return secret

    def owner(self, secret: str) -> str:
        """Return whom the address is for; it stays good.

        Raises:
            NotFound: `people.link_over` when it is unknown, used or too old.

        """
        with self._store.read() as connection:
            found = connection.execute(
                sa.select(_link.person_id).where(*self._good(secret))
            ).scalar_one_or_none()
        if found is None:
            raise NotFound("people.link_over")
        return str(found)

    def use(self, secret: str) -> str:
        """Return whom the address is for; it is used up.

        Raises:
            NotFound: `people.link_over`.

        """
        used_at = rfc3339(self._clock())
        with self._store.write() as tx:
            used = tx.connection.execute(
                tables.sign_in_link.update()
                .where(*self._good(secret))
                .values(used_at=used_at)
                .returning(_link.person_id)
            ).scalar_one_or_none()
        if used is None:
            raise NotFound("people.link_over")
        return str(used)

    def _good(self, secret: str) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            _link.secret_sha256 == digest_of(secret),
            _link.used_at.is_(None),
            _link.expires_at > rfc3339(self._clock()),
        )
