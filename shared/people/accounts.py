"""Accounts: a name to sign in by, a password, and if wanted a second factor."""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from shared.kernel.clock import Clock, rfc3339
from shared.kernel.errors import BadInput, Conflict, NotFound, Unauthenticated
from shared.people import failures, passwords, second_factor, tables
from shared.store import Store, insert_if_free
from shared.vault import SigningKeys

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
_account = tables.account.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a person signs in."""

    person_id: str
    login: str
    has_password: bool
    has_second_factor: bool
    is_disabled: bool


class Accounts:
    """The accounts of a deployment. `keys` keeps the secrets of second factors."""

    __slots__ = ("_clock", "_keys", "_store")

    def __init__(self, store: Store, keys: SigningKeys, clock: Clock) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock

    def add(self, person_id: str, login: str, *, subject: str | None = None) -> Account:
        """Return a new account without a password. As `insert_account`."""
        with self._store.write() as tx:
            insert_account(tx.connection, person_id, login, subject)
            return _of(self._row(tx.connection, person_id))

    def are_used(self) -> bool:
        """Return whether there is anybody yet who can sign in."""
        ways = _account.password_hash.is_not(None) | _account.subject.is_not(None)
        query = sa.select(_account.person_id).where(ways).limit(1)
        with self._store.read() as connection:
            return connection.execute(query).first() is not None

    def owner(self, login: str) -> str | None:
        """Return who has the account called `login`."""
        with self._store.read() as connection:
            row = _named(connection, login)
        return None if row is None else str(row.person_id)

    def find(self, person_id: str) -> Account:
        """Return a person's account.

        Raises:
            NotFound: `people.no_account`.

        """
        with self._store.read() as connection:
            return _of(self._row(connection, person_id))

    def of_subject(self, subject: str) -> str:
        """Return the person that an issuer calls `subject`.

        Raises:
            Unauthenticated: `people.sign_in_unknown`, also of one that is disabled.

        """
        query = sa.select(_account.person_id).where(
            _account.subject == subject, _account.disabled_at.is_(None)
        )
        with self._store.read() as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise Unauthenticated("people.sign_in_unknown")
        return found

    def set_password(self, person_id: str, password: str) -> None:
        """Take `password` from now on.

        Raises:
            BadInput: `people.password_short`, `people.password_long`.
            NotFound: `people.no_account`.

        """
        self._change(person_id, password_hash=passwords.hash_of(password))

    def set_disabled(self, person_id: str, *, is_disabled: bool) -> None:
        """Let the person sign in no more, or again.

        Raises:
            NotFound: `people.no_account`.

        """
        self._change(person_id, disabled_at=rfc3339(self._clock()) if is_disabled else None)

    def begin_second_factor(self, person_id: str) -> tuple[str, list[str]]:
        """Return a new secret for an app, in base 32, and recovery codes: both shown this once.

        Raises:
            NotFound: `people.no_account`.

        """
        with self._store.write() as tx:
            row = self._row(tx.connection, person_id)
            key_id, key = self._keys.make(tx.connection, self._clock())
            if row.totp_key_id is not None:
                self._keys.destroy(tx.connection, row.totp_key_id)
            values = {"totp_key_id": key_id, "totp_step": None}
            mine = _account.person_id == person_id
            tx.connection.execute(tables.account.update().where(mine).values(values))
            codes = second_factor.new_recovery_codes(tx.connection, person_id)
        return second_factor.secret_of(key), codes

    def recognise(self, login: str, password: str, code: str, *, address: str) -> str:
        """Return the id of the person who signs in so.

        `code` is of the app, or a recovery code; empty without a second factor. `address`
        is where the attempt comes from.

        Raises:
            Unauthenticated: `people.sign_in_wrong` whatever is wrong of name and password;
                `people.code_wrong` only to who knows the password.
            Unavailable: `people.too_many_attempts`.

        """
        name, now = login.strip().lower(), self._clock()
        tried = {
            f"login:{name}": failures.FREE_FAILURES,
            f"address:{address}": failures.FREE_FAILURES_OF_ADDRESS,
        }
        with self._store.read() as connection:
            for each, free in tried.items():
                failures.check(connection, each, now, free)
            row = _named(connection, name)
        kept = None if row is None or row.disabled_at is not None else row.password_hash
        fault: str | None = None
        if not passwords.is_right(password, kept) or row is None:
            fault = "people.sign_in_wrong"
        with self._store.write() as tx:
            if fault is None and row is not None and row.totp_key_id is not None:
                key = self._keys.get(tx.connection, row.totp_key_id)
                is_right = second_factor.use_code(
                    tx.connection, row, key, code, now
                ) or second_factor.use_recovery_code(tx.connection, row.person_id, code)
                fault = None if is_right else "people.code_wrong"
            for each in tried:
                if fault is None:
                    failures.forget(tx.connection, each)
                else:
                    failures.note(tx.connection, each, now)
        if fault is not None or row is None:
            raise Unauthenticated(fault or "people.sign_in_wrong")
        person_id: str = row.person_id
        return person_id

    def _change(self, person_id: str, **values: object) -> None:
        with self._store.write() as tx:
            self._row(tx.connection, person_id)
            mine = _account.person_id == person_id
            tx.connection.execute(tables.account.update().where(mine).values(**values))

    def _row(self, connection: sa.Connection, person_id: str) -> sa.Row[tuple[object, ...]]:
        query = sa.select(tables.account).where(_account.person_id == person_id)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound("people.no_account")
        return row


def insert_account(
    connection: sa.Connection, person_id: str, login: str, subject: str | None
) -> None:
    """Give a person an account; `subject` is who an issuer says that it is.

    Raises:
        BadInput: `people.login_malformed`.
        Conflict: `people.login_taken`.

    """
    name = login.strip().lower()
    if not _LOGIN.fullmatch(name):
        raise BadInput("people.login_malformed")
    row = {"person_id": person_id, "login": name, "subject": subject}
    if not connection.execute(insert_if_free(connection, tables.account), row).rowcount:
        raise Conflict("people.login_taken")


def _named(connection: sa.Connection, login: str) -> sa.Row[tuple[object, ...]] | None:
    if not _LOGIN.fullmatch(login):
        return None
    query = sa.select(tables.account).where(_account.login == login)
    return connection.execute(query).one_or_none()


def _of(row: sa.Row[tuple[object, ...]]) -> Account:
    return Account(
        person_id=row.person_id,
        login=row.login,
        has_password=row.password_hash is not None,
        has_second_factor=row.totp_key_id is not None,
        is_disabled=row.disabled_at is not None,
    )
