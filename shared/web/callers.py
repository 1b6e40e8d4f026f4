"""Who is calling: the bearer token of the request, and what it allows."""

from flask import g, request

from shared.access import Action, Caller, allow
from shared.kernel.errors import Unauthenticated
from shared.web.current import runtime

PUBLIC_ENDPOINTS = frozenset(
    {
        "api-docs.openapi_json",
        "feeds.FeedContract",
        "health.Live",
        "health.Ready",
        "imports.Template",
        "log_tiles.HashTiles",
        "log_tiles.Keys",
        "log_tiles.NewestCheckpoint",
    }
)
"""What anybody may ask for, in whatever service: descriptions, whether it is well,
and what a log is verified by, which tells nothing of what is in it."""


def check_caller() -> None:
    """Return when the request may go on to its endpoint; runs before every one.

    Whoever is unknown learns nothing, not even whether a query or body would have been
    right: nothing of a stranger's request is parsed.

    Raises:
        Unauthenticated: as `caller`.

    """
    if request.endpoint is not None and request.endpoint not in PUBLIC_ENDPOINTS:
        caller()


def caller() -> Caller:
    """Return who calls, known by the bearer token.

    Raises:
        Unauthenticated: `access.token_missing`, `access.token_invalid`,
            `access.token_expired`.

    """
    if "caller" not in g:
        g.caller = _authenticate()
    known: Caller = g.caller
    return known


def allowed(action: Action, *, province: str | None = None, agency: str | None = None) -> Caller:
    """Return who calls, if they may do `action` there.

    Raises:
        Unauthenticated: as `caller`.
        Forbidden: `access.not_allowed`, `access.other_province`, `access.other_agency`.

    """
    known = caller()
    allow(known, action, province=province, agency=agency)
    return known


def allowed_somewhere(action: Action) -> Caller:
    """Return who calls, if they may do `action` in their own scope, wherever that is.

    To be asked before something is looked up by its id: who may not do it at all then
    learns nothing of what there is. What lies outside the scope is to be answered as
    unknown, for the same reason.

    Raises:
        Unauthenticated: as `caller`.
        Forbidden: `access.not_allowed`.

    """
    known = caller()
    allow(known, action, province=known.province, agency=known.agency)
    return known


def _authenticate() -> Caller:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("access.token_missing")
    return runtime().doorkeeper.authenticate(bearer or None)
