"""What is kept of a secret or of a name that was typed: its digest, never itself."""

import hashlib


def digest_of(typed: str) -> str:
    """The SHA-256 of what was typed, in 64 lower-case hexadecimal digits.

    Any text has one: a lone surrogate, which JSON may carry, is taken as it stands.
    """
    return hashlib.sha256(typed.encode(errors="surrogatepass")).hexdigest()
