"""The number a reporter gets, to ask with later."""

import hashlib

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that it can be read out on the telephone."""
_GROUPS, _GROUP_CHARACTERS = 3, 4


def receipt_number(opinion_id: str) -> str:
    """Return twelve characters in three groups, e.g. `7K2M-Q0RX-4TVA`: 60 bits.

    It is derived from the id by hashing, so it says nothing of order or content.
    """
    number = int.from_bytes(hashlib.sha256(f"receipt {opinion_id}".encode()).digest()[:8])
    digits = [_ALPHABET[number >> (5 * place) & 31] for place in range(_GROUPS * _GROUP_CHARACTERS)]
    groups = range(0, len(digits), _GROUP_CHARACTERS)
    return "-".join("".join(digits[start : start + _GROUP_CHARACTERS]) for start in groups)
