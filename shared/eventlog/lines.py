"""What a line of a note, a checkpoint or a proof may hold: a number, a hash, any bytes.

Each value has one spelling, and any other is refused, so that no byte of such a file can
be changed unseen.
"""

import binascii
import re

from shared.eventlog.proof import HASH_BYTES, SIZE_MAX

_NUMBER = re.compile("0|[1-9][0-9]{0,18}")


def number(text: str) -> int | None:
    """Return the decimal number, 0 to 2^63 - 1; None when it isn't one."""
    value = int(text) if _NUMBER.fullmatch(text) else -1
    return value if 0 <= value <= SIZE_MAX else None


def base64_text(content: bytes) -> str:
    """Return `content` in base64. Source: RFC 4648, section 4."""
    return binascii.b2a_base64(content, newline=False).decode()


def base64_bytes(text: str) -> bytes | None:
    """Return what `text` states in base64; None when it isn't, or is spelt otherwise."""
    try:
        content = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:  # binascii.Error is one, and so is a letter beyond ASCII
        return None
    return content if base64_text(content) == text else None


def hash_bytes(text: str) -> bytes | None:
    """Return the 32 bytes that `text` states in base64; None when it states others."""
    content = base64_bytes(text)
    return content if content is not None and len(content) == HASH_BYTES else None
