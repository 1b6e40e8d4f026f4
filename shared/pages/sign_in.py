"""Signing in and out, choosing a password, and for which seat one acts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request

from shared.kernel.errors import AppError, BadInput
from shared.pages.language import COOKIE as LANGUAGE_COOKIE
from shared.pages.look import render
from shared.pages.signed_in import looked_at_by, signed_in
from shared.people import PASSWORD_MIN_CHARACTERS
from shared.texts.catalogue import LANGUAGES
from shared.web.callers import SESSION_COOKIE, check_same_site
from shared.web.current import runtime
from shared.web.page_endpoints import ACCOUNT

blueprint = Blueprint(ACCOUNT, __name__, url_prefix="/account")

HERE = "account"
_HOME = "/"
_YEAR_S = 365 * 24 * 3600


@blueprint.get("/sign-in")
def sign_in_form() -> Response:
    """Return the form; who is signed in goes on to where he wanted."""
    if looked_at_by() is not None:
        return _go(_next())
    return _sign_in_page()


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Sign in, and go on."""
    check_same_site()
    form = request.form
    try:
        person_id = runtime().people.accounts.recognise(
            form.get("login", ""),
            form.get("password", ""),
            form.get("code", ""),
            address=request.headers.get("X-Forwarded-For", request.remote_addr or ""),
        )
    except AppError as error:
        return _sign_in_page(error, login=form.get("login", ""))
    return _begin(person_id, _next())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign out."""
    if looked_at_by() is not None:
        runtime().people.sessions.end(signed_in())
    response = _go("/account/sign-in", of_service=True)
    response.delete_cookie(SESSION_COOKIE)
    return response


@blueprint.get("")
def account() -> Response:
    """Return who is signed in, and the seats to act for."""
    signed_in()
    return render("account.html", here=HERE, next=_next())


@blueprint.post("/seat")
def act_for() -> Response:
    """Act for another seat."""
    session = signed_in()
    runtime().people.sessions.act_for(session, request.form.get("seat", ""))
    return _go(_next())


@blueprint.get("/welcome/<secret>")
def welcome(secret: str) -> Response:
    """Return the form in which a person chooses a password."""
    return _welcome_page(runtime().people.links.owner(secret))


@blueprint.post("/welcome/<secret>")
def choose_password(secret: str) -> Response:
    """Take the password, and sign in."""
    check_same_site()
    people = runtime().people
    person_id = people.links.owner(secret)
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        return _welcome_page(person_id, "pages.sign_in.passwords_differ")
    try:
        people.accounts.set_password(person_id, password)
    except BadInput as error:
        return _welcome_page(person_id, f"errors.{error.code}", error.facts)
    people.sessions.end_all(person_id)
    people.links.use(secret)
    return _begin(person_id, _HOME)


@blueprint.post("/language")
def choose_language() -> Response:
    """Show pages in another language from now on."""
    response = _go(_next())
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        _set_cookie(response, LANGUAGE_COOKIE, wanted, max_age=_YEAR_S)
    return response


def _welcome_page(
    person_id: str, fault: str | None = None, facts: Mapping[str, object] = MappingProxyType({})
) -> Response:
    status = 200 if fault is None else 422
    return render(
        "welcome.html",
        here="",
        status=status,
        fault=fault,
        facts=facts,
        least=PASSWORD_MIN_CHARACTERS,
        login=runtime().people.accounts.find(person_id).login,
    )


def _sign_in_page(error: AppError | None = None, login: str = "") -> Response:
    status = 200 if error is None else error.status
    fault = None if error is None else f"errors.{error.code}"
    facts = {} if error is None else error.facts
    return render(
        "sign_in.html", here="", status=status, fault=fault, facts=facts, login=login, next=_next()
    )


def _begin(person_id: str, there: str) -> Response:
    """Return the way on, with a session of its own: one from before is not carried over."""
    former = looked_at_by()
    sessions = runtime().people.sessions
    if former is not None:
        sessions.end(former)
    response = _go(there)
    _set_cookie(response, SESSION_COOKIE, sessions.begin(person_id))
    return response


def _next() -> str:
    """Return where to go on to: an address of ours, never another's."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if is_ours and not parts.scheme and not parts.netloc else _HOME


def _go(there: str, *, of_service: bool = False) -> Response:
    address = f"/{runtime().name}{there}" if of_service else there
    return cast(Response, redirect(address, 303))


def _set_cookie(response: Response, name: str, value: str, **more: Any) -> None:
    is_secure = runtime().settings.url.startswith("https:")
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=is_secure, path="/", **more
    )
