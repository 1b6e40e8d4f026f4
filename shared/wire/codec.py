"""Fast encoding and decoding of contract dataclasses, compiled once from their fields.

For a service's own log, whose bytes it wrote itself. What comes from outside goes
through `shared.wire.schemas`, which checks every type.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from shared.contracts import EVENT_TYPES, SCHEMA_VERSIONS, Event
from shared.kernel.errors import ContractError
from shared.wire.upcasters import upcast

Json = Any
T = TypeVar("T")
_Convert = Callable[[Any], Any]


def type_name(event: Event) -> str:
    """Return the name of the event's type, as it stands in the log."""
    return type(event).__name__


def encode(event: Event) -> dict[str, Json]:
    """Return the event's fields as JSON values; a field that is None is left out."""
    return encode_value(event)


def encode_value(value: object) -> dict[str, Json]:
    """Return any contract dataclass, such as a `TextRef`, as JSON values."""
    form: Any = type(value)
    return cast(dict[str, Json], _dumper(form)(value))


def decode(name: str, version: int, data: Mapping[str, Json]) -> Event:
    """Return the event that `data` holds. Unknown fields are ignored.

    Raises:
        ContractError: `contract.unknown_type`, `contract.unknown_version`,
            `contract.invalid_body`.

    """
    contract: Any = EVENT_TYPES.get(name)
    if contract is None:
        raise ContractError("contract.unknown_type", type=name)
    current = upcast(name, version, data)
    try:
        return cast(Event, _loader(contract)(current))
    except (KeyError, TypeError, ValueError):
        place = "?"
    # Raised out here, free of the original, whose words quote the value.
    raise ContractError("contract.invalid_body", type=name, fields=place)


def decode_value(form: type[T], data: Mapping[str, Json]) -> T:
    """Return the `form`, any dataclass that the wire carries, that `data` holds.

    For what this program wrote itself; raises KeyError, TypeError, ValueError otherwise.
    """
    hint: Any = form
    return cast(T, _loader(hint)(data))


def schema_version(name: str) -> int:
    """Return the current schema version of the type called `name`."""
    return SCHEMA_VERSIONS.get(name, 1)


def unwrap_optional(hint: Any) -> tuple[Any, bool]:
    """Return the hint without `| None`, and whether it had one."""
    if isinstance(hint, UnionType) and NoneType in get_args(hint):
        (inner,) = (arm for arm in get_args(hint) if arm is not NoneType)
        return inner, True
    return hint, False


def _same(value: Any) -> Any:
    return value


def _isoformat(value: date) -> str:
    return value.isoformat()


@cache
def _dumper(hint: Any) -> _Convert:
    hint, _ = unwrap_optional(hint)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        plan = [(f.name, _dumper(hints[f.name])) for f in fields(hint)]

        def dump(event: Any) -> dict[str, Json]:
            values = ((name, convert, getattr(event, name)) for name, convert in plan)
            return {name: convert(value) for name, convert, value in values if value is not None}

        return dump
    if get_origin(hint) is tuple:
        inner = _dumper(get_args(hint)[0])
        return lambda values: [inner(value) for value in values]
    if hint is date:
        return _isoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str
    if hint in (str, int, bool):
        return _same
    raise TypeError(f"the wire does not carry {hint}")


@cache
def _loader(hint: Any) -> _Convert:
    hint, optional = unwrap_optional(hint)
    if optional:
        inner = _loader(hint)
        return lambda value: None if value is None else inner(value)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        plan = [(f.name, _loader(hints[f.name]), f.default is MISSING) for f in fields(hint)]
        make = cast(Callable[..., Any], hint)

        def load(data: Mapping[str, Json]) -> Any:
            return make(
                **{
                    name: convert(data[name])
                    for name, convert, required in plan
                    if required or name in data
                }
            )

        return load
    if get_origin(hint) is tuple:
        item = _loader(get_args(hint)[0])
        return lambda values: tuple(item(value) for value in values)
    if hint is date:
        return date.fromisoformat
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    if hint in (str, int, bool):
        return _same
    raise TypeError(f"the wire does not carry {hint}")
