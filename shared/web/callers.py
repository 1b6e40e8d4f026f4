"""Who is calling: by the bearer token of the request or a browser's session, and what it allows."""

import hmac
from urllib.parse import urlsplit

from flask import g, request

from shared.access import Action, Caller, allow
from shared.kernel.errors import Forbidden, Unauthenticated
from shared.people import WebSession
from shared.web.current import runtime

SESSION_COOKIE = "dt_session"
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

PUBLIC_ENDPOINTS = frozenset(
    {
        "account.account",
        "account.act_for",
        "account.choose_language",
        "account.choose_password",
        "account.sign_in",
        "account.sign_in_form",
        "account.sign_out",
        "account.welcome",
        "api-docs.openapi_json",
        "feeds.FeedContract",
        "health.Live",
        "health.Ready",
        "imports.Template",
        "log_tiles.Handovers",
        "log_tiles.HashTiles",
        "log_tiles.Keys",
        "log_tiles.NewestCheckpoint",
        "mirror.CosignedCheckpoint",
        "mirror.WitnessKeys",
        "triage.Overdue",
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


def session_of_request() -> WebSession | None:
    """Return the session of the browser that asks, None where it shows none.

    Raises:
        Unauthenticated: `people.signed_out`, for a session that is over.

    """
    if "web_session" not in g:
        secret = request.cookies.get(SESSION_COOKIE)
        g.web_session = runtime().people.sessions.find(secret) if secret else None
    session: WebSession | None = g.web_session
    return session


def check_own_page(session: WebSession) -> None:
    """Return when the request changes nothing, or a page of ours that `session` was shown sent it.

    Raises:
        Forbidden: `request.other_site`.

    """
    if request.method in _SAFE:
        return
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), session.csrf.encode()):
        raise Forbidden("request.other_site")


def check_same_site() -> None:
    """Return when a page of ours sent the form, or a program that is no browser.

    For forms that nobody is known to send yet, so that no session can vouch for them.

    Raises:
        Forbidden: `request.other_site`.

    """
    fetched_from = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.host
    if fetched_from not in ("same-origin", "none") or not is_ours:
        raise Forbidden("request.other_site")


def _authenticate() -> Caller:
    if "Authorization" not in request.headers and SESSION_COOKIE in request.cookies:
        session = session_of_request()
        if session is not None:
            check_own_page(session)
            return session.caller()
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("access.token_missing")
    return runtime().doorkeeper.authenticate(bearer or None)
