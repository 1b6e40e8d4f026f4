"""How a page is made: its template, the words in it, dates and codes as people write them."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

from flask import Response, current_app, render_template, request

from shared.kernel.clock import CIVIL_ZONE, civil_date
from shared.kernel.ids import new_id
from shared.pages.language import language
from shared.pages.navigation import groups_for
from shared.pages.signed_in import looked_at_by
from shared.texts import Catalogue
from shared.texts.formats import NO_BREAK_SPACE, NOT_STATED, ngay
from shared.web.current import runtime

STATIC = Path(__file__).parent.parent / "web" / "static"


def render(template: str, *, here: str, status: int = 200, **values: Any) -> Response:
    """Return the page of `template`; `here` is the entry of the navigation that it is at."""
    session = looked_at_by()
    role = session.seat.role if session is not None and session.seat is not None else None
    body = render_template(
        template,
        here=here,
        session=session,
        groups=tuple(groups_for(role)),
        language=language(),
        service=runtime().name,
        here_address=f"/{runtime().name}{request.full_path.rstrip('?')}",
        idempotency_key=new_id(runtime().clock()),
        **values,
    )
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def text(key: str, **facts: object) -> str:
    """Return the words for `key`, below `pages`, in the language of the page."""
    return _catalogue().text(f"pages.{key}", language(), **facts)


def word(vocabulary: str, value: object) -> str:
    """Return the word for a value of a vocabulary; "—" where nothing is stated."""
    if value is None:
        return NOT_STATED
    return _catalogue().word(vocabulary, str(value), language())


def text_of(key: str, facts: Mapping[str, object]) -> str:
    """Return the words for any `key` of the catalogue, such as an error's."""
    return _catalogue().text(key, language(), **facts)


def province_name(slug: str) -> str:
    """Return what the province called `slug` is called by people; the slug if it is not here."""
    known = runtime().provinces.get(slug)
    if known is None:
        return slug
    return known.name_en if language() == "en" else known.name


@cache
def static(name: str) -> str:
    """Return the address of a file of the look, which changes when the file does."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _catalogue() -> Catalogue:
    return cast(Catalogue, current_app.extensions["catalogue"])


def day_shown(day: date | str | None) -> str:
    """Return a day, or the civil day of an instant, as dd/mm/yyyy; "—" when not stated."""
    if day is None:
        return NOT_STATED
    if isinstance(day, str):
        day = civil_date(datetime.fromisoformat(day)) if "T" in day else date.fromisoformat(day)
    return ngay(civil_date(day) if isinstance(day, datetime) else day)


def time_shown(instant: datetime | str | None) -> str:
    """Return an instant as dd/mm/yyyy HH:MM in Viet Nam; "—" when not stated."""
    if instant is None:
        return NOT_STATED
    if isinstance(instant, str):
        instant = datetime.fromisoformat(instant)
    local = instant.astimezone(CIVIL_ZONE)
    return f"{ngay(local.date())}{NO_BREAK_SPACE}{local:%H:%M}"


def code_shown(code: str) -> str:
    """Return a code so that no line breaks within it."""
    return code.replace("-", "\N{NON-BREAKING HYPHEN}")
