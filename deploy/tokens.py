"""Tokens issued without the API: by whoever may open the database of tokens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from deploy.databases import create_missing
from deploy.datafolder import locked, prepare, read_operator_token, write_operator_token
from deploy.migrations import upgrade
from shared.access import AccessStore, IssuedToken, Role
from shared.kernel.clock import system_clock
from shared.kernel.errors import AppError
from shared.settings import ACCESS, Settings
from shared.store import Store

OPERATOR_LIFETIME = timedelta(days=366)
_OPERATOR_SEAT = "quan-tri/may-chu"


def issue_directly(
    settings: Settings,
    *,
    seat: str,
    role: str,
    province: str | None,
    agency: str | None,
    lifetime: timedelta,
) -> IssuedToken:
    """Return a new token, written straight to the tokens' database, made if need be.

    Raises:
        BadInput: as `AccessStore.issue`.
        Unavailable: `deployment.in_use` when the database is in the hands of a process.
        Refused: as `create_missing`.

    """
    with _opened(settings) as access:
        return access.issue(
            seat=seat,
            role=Role(role),
            province=province,
            agency=agency,
            now=system_clock(),
            lifetime=lifetime,
        )


def operator_bearer(settings: Settings, access: AccessStore | None = None) -> str:
    """Return the bearer of this machine's operator: the one it keeps, or a new one, kept.

    `access` is the tokens' database where this process has it open.
    """
    if access is None:
        store = Store(settings.database_url(ACCESS), connections=1)
        try:
            return operator_bearer(settings, AccessStore(store))
        finally:
            store.close()
    kept = read_operator_token(settings)
    if kept and _lasts(access, kept):
        return kept
    issued = access.issue(
        seat=_OPERATOR_SEAT,
        role=Role.OPERATOR,
        now=system_clock(),
        lifetime=OPERATOR_LIFETIME,
    )
    write_operator_token(settings, issued.bearer)
    return issued.bearer


def _lasts(access: AccessStore, bearer: str) -> bool:
    """Return whether `bearer` is an operator's over all provinces, for a good while yet."""
    try:
        caller = access.authenticate(bearer, system_clock() + OPERATOR_LIFETIME / 2)
    except AppError:
        return False
    return caller.role is Role.OPERATOR and caller.province is None


@contextmanager
def _opened(settings: Settings) -> Iterator[AccessStore]:
    if settings.is_embedded:
        with locked(settings):
            yield from _at(settings)
    else:
        prepare(settings)
        create_missing(settings, ACCESS)
        yield from _at(settings)


def _at(settings: Settings) -> Iterator[AccessStore]:
    upgrade(settings, ACCESS)
    store = Store(settings.database_url(ACCESS), connections=1)
    try:
        yield AccessStore(store)
    finally:
        store.close()
