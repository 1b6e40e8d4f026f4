"""Events of every type, made from the contracts' own fields: examples, and any at all."""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints
from unicodedata import normalize

from hypothesis import strategies as st

from shared.contracts import EVENT_TYPES, Event
from shared.wire.canonical import INTEGER_MAX
from shared.wire.codec import unwrap_optional

_DAY = date(2021, 3, 1)


def full(contract: Any, prefix: str = "") -> Any:
    """Return an example with every field stated, each with a value of its own."""
    hints = get_type_hints(contract)
    return contract(
        **{
            field.name: _example(hints[field.name], f"{prefix}{field.name}", number)
            for number, field in enumerate(fields(contract), 1)
        }
    )


def minimal(contract: Any) -> Any:
    """Return an example with nothing stated that need not be, and lists empty."""
    hints = get_type_hints(contract)
    stated = [field for field in fields(contract) if field.default is MISSING]
    return contract(**{field.name: _least(hints[field.name], field.name) for field in stated})


def _example(hint: Any, name: str, number: int) -> Any:
    hint, _ = unwrap_optional(hint)
    if is_dataclass(hint):
        return full(hint, f"{name}.")
    if get_origin(hint) is tuple:
        (inner, _) = get_args(hint)
        return tuple(_example(inner, f"{name}.{place}", number) for place in (1, 2))
    if hint is date:
        return _DAY.replace(day=1 + number % 28)
    if issubclass(hint, StrEnum):
        return list(hint)[-1]
    if hint is bool:
        return True
    if hint is int:
        return number
    return f"Đối thoại “{name}”"


def _least(hint: Any, name: str) -> Any:
    if get_origin(hint) is tuple:
        return ()
    if is_dataclass(hint):
        return minimal(hint)
    return {bool: False, int: 0, date: _DAY, str: name}.get(hint) or _first(hint)


def _first(hint: Any) -> Any:
    return next(iter(hint)) if issubclass(hint, StrEnum) else hint()


def any_event(name: str) -> st.SearchStrategy[Event]:
    """Return what draws events of the type called `name`."""
    return _any(EVENT_TYPES[name])


_TEXT = st.text(st.characters(codec="utf-8")).map(lambda text: normalize("NFC", text))
_PLAIN: dict[type, Callable[[], st.SearchStrategy[Any]]] = {
    str: lambda: _TEXT,
    bool: st.booleans,
    int: lambda: st.integers(-INTEGER_MAX, INTEGER_MAX),
    date: st.dates,
}


def _any(hint: Any) -> st.SearchStrategy[Any]:
    hint, optional = unwrap_optional(hint)
    if optional:
        return st.none() | _any(hint)
    if get_origin(hint) is tuple:
        return st.lists(_any(get_args(hint)[0]), max_size=3).map(tuple)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        make: Any = hint
        return st.builds(make, **{field.name: _any(hints[field.name]) for field in fields(hint)})
    return _PLAIN[hint]() if hint in _PLAIN else st.sampled_from(hint)
