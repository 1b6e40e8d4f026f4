"""Passwords: how long they are, and what is kept of them."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.kernel.errors import BadInput

PASSWORD_MIN_CHARACTERS = 12
PASSWORD_MAX_CHARACTERS = 200
_HASHER = PasswordHasher()
"""Argon2id. Source: RFC 9106, the library's low-memory profile."""
_NOBODY = _HASHER.hash("nobody's password")
"""Compared with where there is no account, so that the time tells nothing."""


def hash_of(password: str) -> str:
    """Return what is kept of `password`.

    Raises:
        BadInput: `people.password_short`, `people.password_long`.

    """
    chosen = unicodedata.normalize("NFC", password)
    if len(chosen) < PASSWORD_MIN_CHARACTERS:
        raise BadInput("people.password_short", least=PASSWORD_MIN_CHARACTERS)
    if len(chosen) > PASSWORD_MAX_CHARACTERS:
        raise BadInput("people.password_long", limit=PASSWORD_MAX_CHARACTERS)
    return _HASHER.hash(chosen)


def is_right(password: str, kept: str | None) -> bool:
    """Return whether `password` is the one that `kept` is of. Takes as long without one."""
    chosen = unicodedata.normalize("NFC", password[:PASSWORD_MAX_CHARACTERS])
    try:
        _HASHER.verify(kept or _NOBODY, chosen)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
