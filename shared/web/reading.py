"""JSON as every reader takes it alike, after I-JSON (RFC 7493); and what is text at all."""

import json
from collections.abc import Sequence
from typing import Any

from shared.kernel.errors import BadInput

NUMBER_MAX = 2**53 - 1
"""Largest magnitude of a number, inclusive: beyond it, not every reader takes it exactly."""
_DIGITS_MAX = len(str(NUMBER_MAX)) + 1


def strict_json(body: bytes) -> Any:
    """Return the value that `body` is.

    Raises:
        BadInput: `request.unreadable` where it is no JSON in UTF-8, or nested too deeply;
            `request.json_ambiguous` where readers could differ: a name twice in an object,
            a number beyond `NUMBER_MAX`, NaN or Infinity, a character that is none.

    """
    try:
        return _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        # Without the original, whose words quote the body.
        raise BadInput("request.unreadable") from None


def is_text(written: bytes) -> bool:
    """Return whether `written` is UTF-8 without NUL, which no database takes."""
    try:
        return "\0" not in written.decode()
    except UnicodeDecodeError:
        return False


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadInput("request.json_ambiguous")
    waiting = [*found, *found.values()]  # an object within was looked at before
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and not is_text(value.encode(errors="surrogatepass")):
            raise BadInput("request.json_ambiguous")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAX or abs(value := int(digits)) > NUMBER_MAX:
        raise BadInput("request.json_ambiguous")
    return value


def _number(digits: str) -> float:
    if not abs(value := float(digits)) <= NUMBER_MAX:
        raise BadInput("request.json_ambiguous")
    return value


def _constant(_name: str) -> None:
    raise BadInput("request.json_ambiguous")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)
