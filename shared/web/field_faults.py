"""What is wrong with fields of a body or query, in both languages, without what was sent."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.texts import Catalogue

UNKNOWN_FIELD = "Unknown field."
"""What marshmallow says of a field that the schema does not have."""
UNNAMED = "?"
"""Stands for the name of such a field, which is the caller's own words."""

_KINDS: Sequence[tuple[str, str]] = (
    (r"Missing data for required field\.", "required"),
    (r"Field may not be null\.", "empty"),
    (re.escape(UNKNOWN_FIELD), "unknown"),
    (r"Must be one of: (?P<expected>.+)\.", "not_among"),
    (
        r"Must be (greater|less) than.*|.*(minimum|maximum) length.*|Length must be.*",
        "out_of_range",
    ),
    (r"Not a valid .*|Invalid .*", "wrong_type"),
    (r".*", "malformed"),
)
"""marshmallow's messages, and what our texts call each kind."""


def field_faults(messages: Any, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return `{field, message, texts}` rows from marshmallow's nested messages."""
    return [
        {"field": ".".join(path), "message": message, "texts": _texts(message, catalogue)}
        for path, message in _faults(messages, ())
    ]


def _faults(messages: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(messages, Mapping):
        found: list[tuple[tuple[str, ...], str]] = []
        for name, inner in messages.items():
            is_place = not path and name in {"json", "query", "form", "files"}
            found += _faults(inner, path if is_place else (*path, str(name)))
        return found
    listed = messages if isinstance(messages, list) else [messages]
    if UNKNOWN_FIELD in listed:
        path = (*path[:-1], UNNAMED)
    return [(path, str(message)) for message in listed]


def _texts(message: str, catalogue: Catalogue) -> dict[str, str]:
    for pattern, kind in _KINDS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            facts = found.groupdict()
            return {
                "vi": catalogue.text(f"fields.{kind}", "vi", **facts),
                "en": catalogue.text(f"fields.{kind}", "en", **facts),
            }
    return {}
