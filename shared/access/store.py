"""The tokens of a deployment, in a database of their own."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from shared.access.bearer import new_bearer, parsed_bearer
from shared.access.caller import Caller, Role
from shared.access.tables import access_token
from shared.access.token import IssuedToken, Token, check_issue
from shared.kernel.clock import rfc3339
from shared.kernel.errors import BadInput, NotFound, Unauthenticated
from shared.store import Store

DEFAULT_LIFETIME = timedelta(days=90)
LIST_MAX = 1000
_NO_SECRET = "0" * 64


class AccessStore:
    """Issues, lists, revokes and recognises tokens."""

    __slots__ = ("_lifetime", "_store")

    def __init__(self, store: Store, *, lifetime: timedelta = DEFAULT_LIFETIME) -> None:
        self._store = store
        self._lifetime = lifetime

    def issue(
        self,
        *,
        seat: str,
        role: Role,
        now: datetime,
        province: str | None = None,
        agency: str | None = None,
        unit: str | None = None,
        lifetime: timedelta | None = None,
    ) -> IssuedToken:
        """Return a new token; its bearer is not kept, so it can't be shown again.

        Raises:
            BadInput: as `check_issue`; `access.lifetime_not_positive`.

        """
        role = Role(role)
        check_issue(seat=seat, role=role, province=province, agency=agency, unit=unit)
        span = self._lifetime if lifetime is None else lifetime
        if span <= timedelta(0):
            raise BadInput("access.lifetime_not_positive")
        bearer = new_bearer()
        token = Token(
            token_id=bearer.token_id,
            seat=seat,
            role=role,
            province=province,
            agency=agency,
            unit=unit,
            issued_at=now,
            expires_at=now + span,
            revoked_at=None,
        )
        with self._store.write() as transaction:
            _insert(transaction.connection, token, bearer.secret_sha256)
        return IssuedToken(token=token, bearer=str(bearer))

    def list(
        self, limit: int = 100, *, before: Token | None = None, province: str | None = None
    ) -> Sequence[Token]:
        """Return up to `limit` tokens (at most 1,000), latest first, those after `before`.

        Of `province` alone, or of all where it is None.
        """
        with self._store.read() as connection:
            return _select_page(connection, max(0, min(limit, LIST_MAX)), before, province)

    def revoke(self, token_id: str, *, now: datetime, province: str | None = None) -> Token:
        """Return the token, refused from now on; the first revocation's instant stays.

        With `province`, a token of any other scope is as unknown.

        Raises:
            NotFound: `access.unknown_token`.

        """
        with self._store.write() as transaction:
            row = _select(transaction.connection, token_id)
            if row is None or province not in (None, row["province"]):
                raise NotFound("access.unknown_token")
            _update_revoked(transaction.connection, token_id, rfc3339(now))
            row = _select(transaction.connection, token_id) or row
        return _token(row)

    def authenticate(self, bearer: str | None, now: datetime) -> Caller:
        """Return who holds `bearer`.

        Raises:
            Unauthenticated: `access.token_missing`; `access.token_invalid`, whether it is
                unknown, revoked or malformed, so that guessing teaches nothing;
                `access.token_expired` to the holder of the true secret only.

        """
        given = parsed_bearer(bearer)
        with self._store.read() as connection:
            row = _select(connection, given.token_id)
        stored = _NO_SECRET if row is None else row["secret_sha256"]
        is_same = hmac.compare_digest(given.secret_sha256, stored)
        if row is None or not is_same or row["revoked_at"] is not None:
            raise Unauthenticated("access.token_invalid")
        token = _token(row)
        if now >= token.expires_at:
            raise Unauthenticated("access.token_expired")
        return token.caller()


def _insert(connection: sa.Connection, token: Token, secret_sha256: str) -> None:
    row = {
        "token_id": token.token_id,
        "secret_sha256": secret_sha256,
        "seat": token.seat,
        "role": token.role.value,
        "province": token.province,
        "agency": token.agency,
        "unit": token.unit,
        "issued_at": rfc3339(token.issued_at),
        "expires_at": rfc3339(token.expires_at),
        "revoked_at": None,
    }
    connection.execute(access_token.insert(), row)


def _select(connection: sa.Connection, token_id: str) -> sa.RowMapping | None:
    query = sa.select(access_token).where(access_token.c.token_id == token_id)
    return connection.execute(query).mappings().one_or_none()


def _select_page(
    connection: sa.Connection, limit: int, before: Token | None, province: str | None
) -> Sequence[Token]:
    place = sa.tuple_(access_token.c.issued_at, access_token.c.token_id)
    query = sa.select(access_token)
    if province is not None:
        query = query.where(access_token.c.province == province)
    if before is not None:
        query = query.where(place < sa.tuple_(rfc3339(before.issued_at), before.token_id))
    query = query.order_by(access_token.c.issued_at.desc(), access_token.c.token_id.desc())
    return [_token(row) for row in connection.execute(query.limit(limit)).mappings()]


def _update_revoked(connection: sa.Connection, token_id: str, at: str) -> None:
    query = (
        sa.update(access_token)
        .where(access_token.c.token_id == token_id, access_token.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    connection.execute(query)


def _token(row: sa.RowMapping) -> Token:
    kept: dict[str, Any] = {name: value for name, value in row.items() if name != "secret_sha256"}
    for name in ("issued_at", "expires_at", "revoked_at"):
        kept[name] = None if kept[name] is None else datetime.fromisoformat(kept[name])
    kept["role"] = Role(kept["role"])
    return Token(**kept)
