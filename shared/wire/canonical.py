"""The canonical bytes of a JSON document, after RFC 8785, narrowed to what we allow."""

import json
import unicodedata
from typing import Any

from shared.kernel.errors import ContractError

INTEGER_MAX = 2**53 - 1
"""Largest integer that every JSON reader takes exactly."""


def canonical(document: object) -> bytes:
    """Return the RFC 8785 bytes of `document`.

    Only objects with ASCII names, arrays, strings in NFC, booleans, null and integers
    within ±(2⁵³ − 1) are allowed. With ASCII names, sorting by code point (Python) and
    by UTF-16 unit (RFC 8785) agree.

    Raises:
        ContractError: `contract.not_canonical`, with the kind of the offence only.

    """
    try:
        _check(document)
        return _ENCODER.encode(document).encode()
    except UnicodeEncodeError:
        offence = "unpaired surrogate"
    except RecursionError:
        offence = "nested too deeply"
    # Raised out here, free of the original, whose words quote the value.
    raise ContractError("contract.not_canonical", offence=offence)


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def _check(value: Any) -> None:
    match value:
        case str():
            if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
                raise ContractError("contract.not_canonical", offence="text is not NFC")
        case int():  # and bool
            if not -INTEGER_MAX <= value <= INTEGER_MAX:
                raise ContractError("contract.not_canonical", offence="integer too large")
        case None:
            return
        case dict():
            for name, inner in value.items():
                if not (isinstance(name, str) and name.isascii()):
                    raise ContractError("contract.not_canonical", offence="name is not ASCII")
                _check(inner)
        case list() | tuple():
            for inner in value:
                _check(inner)
        case _:
            raise ContractError("contract.not_canonical", offence=type(value).__name__)
