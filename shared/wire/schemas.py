"""marshmallow schemas of the contracts, derived from their dataclasses once.

Reading is tolerant of newer writers (unknown fields are dropped, absent ones take their
default) and strict about types.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, cast, get_args, get_origin, get_type_hints

import marshmallow as ma

from shared.contracts import EVENT_TYPES, Event
from shared.kernel.errors import ContractError
from shared.wire.codec import unwrap_optional
from shared.wire.upcasters import upcast


def check(name: str, version: int, data: Mapping[str, Any]) -> Event:
    """Return the event that `data` holds, with every field's type checked.

    Raises:
        ContractError: `contract.unknown_type`, `contract.unknown_version`, or
            `contract.invalid_body` with the names of the fields at fault.

    """
    contract: Any = EVENT_TYPES.get(name)
    if contract is None:
        raise ContractError("contract.unknown_type", type=name)
    try:
        return cast(Event, schema_of(contract).load(upcast(name, version, data)))
    except ma.ValidationError as error:
        wrong = ",".join(sorted(map(str, error.messages_dict)))
    # Raised out here, free of the original, which holds the values.
    raise ContractError("contract.invalid_body", type=name, fields=wrong)


def json_schema_fields(name: str) -> Mapping[str, ma.fields.Field[Any]]:
    """Return the marshmallow fields of the type called `name`, for generated documents."""
    contract: Any = EVENT_TYPES[name]
    return schema_of(contract).fields


@cache
def schema_of(contract: Any) -> ma.Schema:
    """Return the marshmallow schema of a contract dataclass."""
    hints = get_type_hints(contract)
    declared: dict[str, Any] = {
        f.name: _field(hints[f.name], required=f.default is MISSING) for f in fields(contract)
    }

    @ma.post_load
    def _make(_self: ma.Schema, values: dict[str, Any], **_context: Any) -> Any:
        return contract(**values)

    made = type(contract.__name__, (ma.Schema,), declared | {"_make": _make})
    return cast(ma.Schema, made(unknown=ma.EXCLUDE))


def _field(hint: Any, *, required: bool) -> ma.fields.Field[Any]:
    hint, optional = unwrap_optional(hint)
    nested: Any = hint
    options: dict[str, Any] = {"required": required, "allow_none": optional}
    if is_dataclass(hint):
        return ma.fields.Nested(schema_of(nested), **options)
    if get_origin(hint) is tuple:
        return _Tuple(_field(get_args(hint)[0], required=True), **options)
    if hint is date:
        return ma.fields.Date("iso", **options)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return ma.fields.Enum(hint, by_value=True, **options)
    if hint is bool:
        return _Boolean(**options)
    if hint is int:
        return ma.fields.Integer(strict=True, **options)
    if hint is str:
        return ma.fields.String(**options)
    raise TypeError(f"the wire does not carry {hint}")


class _Tuple(ma.fields.List[Any]):
    """A list that loads as a tuple, so that the event stays immutable."""

    def _deserialize(self, *arguments: Any, **named: Any) -> Any:
        return tuple(super()._deserialize(*arguments, **named))


class _Boolean(ma.fields.Boolean):
    """Takes true and false alone; marshmallow's own takes 1 and 0 for them, as equal."""

    def _deserialize(self, value: Any, *arguments: Any, **named: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *arguments, **named)
