"""The errors raised on purpose. The class says who must act, the code says on what.

A code is a stable, dotted English identifier: the API returns it, the catalogue
(`shared.texts`) translates it, and operators search for it. `facts` fill the places of
the translated text; they are codes, numbers, dates and ids, never a personal datum.
"""


class AppError(Exception):
    """Base of every error that this system raises on purpose."""

    status = 500

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """Return the code and its facts, for a log line."""
        named = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} {named}".strip()


class BadInput(AppError):  # noqa: N818 - the words of HTTP, as are the others below
    """The request can't be read; the caller must change its form. HTTP 400."""

    status = 400


class Unauthenticated(AppError):  # noqa: N818
    """Nobody is known to be calling; a valid token is wanted. HTTP 401."""

    status = 401


class Forbidden(AppError):  # noqa: N818
    """The caller is known and may not do this here. HTTP 403."""

    status = 403


class NotFound(AppError):  # noqa: N818
    """No such thing, or none that the caller may know of. HTTP 404."""

    status = 404


class Conflict(AppError):  # noqa: N818
    """Somebody else was first; look again, then retry. HTTP 409."""

    status = 409


class TooLarge(AppError):  # noqa: N818
    """The input exceeds a limit. HTTP 413."""

    status = 413


class Refused(AppError):  # noqa: N818
    """The command breaks a rule of the domain; the caller must change it. HTTP 422."""

    status = 422


class Unavailable(AppError):  # noqa: N818
    """Something this needs is away for now; retry later. HTTP 503."""

    status = 503


class ContractError(AppError):
    """A message does not fit its contract; retrying it can't help."""


class RegulationError(AppError):
    """A reference file (regulation, province) is missing or wrong; refuse to start."""


class LogTampered(AppError):  # noqa: N818
    """Stored bytes don't match their hash or index; raise the alarm."""
