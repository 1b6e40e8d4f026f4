"""What an entry of anybody's log says, read by one strict rule, which is that of the page too.

A reader that is more forgiving than another would find another log named in an entry, or
none: so UTF-8 without a mark, JSON without NaN, no deeper and no longer numbers than these.
"""

import json
import re
from typing import Any, NoReturn

DEPTH_MAX = 64
DIGITS_MAX = 300

_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_LONG = re.compile(rf"[0-9]{{{DIGITS_MAX + 1}}}")
_BRACKET = re.compile(r"[\[\]{}]")


def document_of(content: bytes) -> dict[str, Any] | None:
    """Return the entry as JSON; None when it isn't an object, or breaks the rule."""
    try:
        text = content.decode("utf-8")
        bare = _STRING.sub("", text)
        if _LONG.search(bare) or not _is_shallow(bare):
            return None
        found = json.loads(text, parse_constant=_refuse)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_shallow(bare: str) -> bool:
    depth = 0
    for bracket in _BRACKET.findall(bare):
        depth += 1 if bracket in "[{" else -1
        if depth > DEPTH_MAX:
            return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
