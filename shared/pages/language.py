"""Which language a page is in: Vietnamese, or English where that was chosen."""

from flask import request

from shared.texts.catalogue import Language

COOKIE = "dt_language"


def language() -> Language:
    """Return the language of the current page."""
    return "en" if request.cookies.get(COOKIE) == "en" else "vi"
