"""Who looks at a page, and for which seat."""

from shared.kernel.errors import Unauthenticated
from shared.people import WebSession
from shared.web.callers import check_own_page, session_of_request


def signed_in() -> WebSession:
    """Return the session of the browser that asks; what it changes, a page of ours asks for.

    Raises:
        Unauthenticated: `people.signed_out`.
        Forbidden: `request.other_site`.

    """
    session = session_of_request()
    if session is None:
        raise Unauthenticated("people.signed_out")
    check_own_page(session)
    return session


def looked_at_by() -> WebSession | None:
    """Return the session of the browser that asks, None where there is none, to show only."""
    try:
        return session_of_request()
    except Unauthenticated:
        return None
