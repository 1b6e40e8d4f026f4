"""A form as it was sent: what fits its schema, and what is to be mended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
from flask import request

_OURS = frozenset({"csrf", "idempotency_key"})
"""Fields that every form has, and no schema names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What somebody typed. With `faults` nothing was done, and nothing typed is lost."""

    values: Mapping[str, Any]
    """By field, as the schema loads them; empty when there are faults."""
    typed: Mapping[str, str] = field(repr=False)
    """As they were sent, to be shown again."""
    faults: Mapping[str, str]
    """What is wrong, by field; a key of the catalogue below `pages.fault`."""


def filled(schema: ma.Schema) -> Filled:
    """Return the form of the current request, read by `schema`.

    A field left empty is one that was not sent.
    """
    typed = {name: value.strip() for name, value in request.form.items() if name not in _OURS}
    sent: dict[str, Any] = {name: value for name, value in typed.items() if value}
    for name, declared in schema.load_fields.items():
        if isinstance(declared, ma.fields.List) and name in sent:
            sent[name] = [value for value in request.form.getlist(name) if value]
    try:
        values = schema.load(sent)
    except ma.ValidationError as error:
        messages: Mapping[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
        faults = {name: _fault(name, sent) for name in messages}
        return Filled(values={}, typed=typed, faults=faults)
    return Filled(values=values, typed=typed, faults={})


def _fault(name: str, sent: Mapping[str, Any]) -> str:
    return "invalid" if name in sent else "missing"
