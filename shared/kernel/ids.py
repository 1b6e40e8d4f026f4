"""Identifiers: time-ordered for new things, name-based for what must not double."""

import secrets
from datetime import datetime
from uuid import UUID, uuid5

NAMESPACE = UUID("6c1f7f0e-52a6-5e0b-9a53-7d0a4c2d9b11")
"""Root of every name-based identifier of this system. Never changes."""


def new_id(at: datetime) -> str:
    """Return a UUIDv7 (RFC 9562) whose leading 48 bits are `at` in milliseconds."""
    milliseconds = int(at.timestamp() * 1000)
    random_bits = secrets.randbits(74)
    high, low = random_bits >> 62, random_bits & ((1 << 62) - 1)
    return str(UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low))


def derived_id(*natural_key: str) -> str:
    """Return the same UUIDv5 for the same natural key, so that a repeat is a no-op.

    The parts must never hold a personal datum or a narrative: an identifier is public.
    """
    return str(uuid5(NAMESPACE, "\x1f".join(natural_key)))
