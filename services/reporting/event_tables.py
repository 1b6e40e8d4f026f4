"""SQL that shows recorded events as typed tables, one per event type.

Columns come from the contract: DATE, BIGINT, BOOLEAN, VARCHAR; a reference to a text is a
STRUCT. A list field has a table of its own, `<Type>__<field>`, with a row per item. Every
table starts with province, origin, position and event_id; a field of the same name is
called `data_<name>`.
"""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from shared.contracts import EVENT_TYPES
from shared.wire.codec import unwrap_optional

_KINDS = {"DATE": "date", "BOOLEAN": "bool", "BIGINT": "int", "VARCHAR": "text"}
PLACE = ("province", "origin", "position", "event_id")
_PLACE = ", ".join(PLACE)

RECORDED = """
CREATE TABLE recorded AS
SELECT split_part(origin, '/', 2) AS province, origin, position,
    entry->>'$.id' AS event_id, entry->>'$.type' AS type, entry->'$.data' AS data
FROM read_json($file, format = 'newline_delimited', maximum_object_size = 1048576,
    columns = {origin: 'VARCHAR', position: 'BIGINT', entry: 'JSON'})
"""
"""Loads a file of lines `{"origin", "position", "entry"}`, the entry being its own bytes."""


@cache
def table(name: str) -> str:
    """Return the statement that makes the table called `name` out of the table `recorded`."""
    event_type, _, field = name.partition("__")
    contract = EVENT_TYPES[event_type]
    shape = json.dumps(_shape(contract))
    rows = (
        f"SELECT {_PLACE}, json_transform(data, '{shape}') AS event "  # noqa: S608 - contracts
        f"FROM recorded WHERE type = '{event_type}'"
    )
    if field:
        item = get_args(get_type_hints(contract)[field])[0]
        columns = _columns(item, "item") if is_dataclass(item) else "item AS value"
        rows = f'SELECT {_PLACE}, unnest(event."{field}") AS item FROM ({rows})'  # noqa: S608
    else:
        columns = _columns(contract, "event")
    query = f"SELECT {_PLACE}, {columns} FROM ({rows})"  # noqa: S608 - names of the contracts
    return f'CREATE TABLE "{name}" AS {query}'


@cache
def plain_columns(name: str) -> dict[str, str]:
    """Return the columns of the table called `name` that any SQL engine has, with their kinds.

    A kind is `text`, `date`, `int` or `bool`; a column that is a struct or a list is left
    out. A list's own table holds plain items in the column `value`.
    """
    event_type, _, field = name.partition("__")
    form: Any = EVENT_TYPES[event_type]
    if field:
        form = get_args(get_type_hints(form)[field])[0]
        if not is_dataclass(form):
            return {"value": kind} if (kind := _kind(form)) else {}
    hints = get_type_hints(form)
    kinds = ((column, _kind(hints[field])) for field, column in _named(form))
    return {column: kind for column, kind in kinds if kind}


def _kind(hint: Any) -> str | None:
    shape = _shape(hint)
    return _KINDS[shape] if isinstance(shape, str) else None


def _columns(contract: Any, struct: str) -> str:
    return ", ".join(f'{struct}."{name}" AS "{column}"' for name, column in _named(contract))


def _named(contract: Any) -> Iterator[tuple[str, str]]:
    for field in fields(contract):
        yield field.name, f"data_{field.name}" if field.name in PLACE else field.name


def _shape(hint: Any) -> Any:
    """Return the type of a contract's field as DuckDB's `json_transform` wants it."""
    hint, _ = unwrap_optional(hint)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return {field.name: _shape(hints[field.name]) for field in fields(hint)}
    if get_origin(hint) is tuple:
        return [_shape(get_args(hint)[0])]
    if hint is date:
        return "DATE"
    if hint is bool:
        return "BOOLEAN"
    if hint is int:
        return "BIGINT"
    if isinstance(hint, type) and issubclass(hint, str | StrEnum):
        return "VARCHAR"
    raise TypeError(f"no column type for {hint}")
