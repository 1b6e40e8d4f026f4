"""The rules of a province on one day, each with where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from shared.provinces import Province
from shared.regulations import KEYS, MonthsPerLevel, PerLevel, Regulation, Rule, Value


class Origin(StrEnum):
    """Who says what a rule says."""

    LAW = "law"
    DEFAULT = "default"
    """This system; no document states it."""
    PROVINCE = "province"
    PROVINCE_UNKNOWN = "province_unknown"
    """The province's document rules it, its number is not known, the national one holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One rule in force."""

    rule: Rule
    origin: Origin

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        valid_to = self.rule.valid_to
        return {
            "key": self.rule.key,
            "value": values_of(self.rule.value),
            "origin": self.origin.value,
            "is_law": self.rule.is_law,
            "citation": self.rule.citation,
            "valid_from": self.rule.valid_from.isoformat(),
            "valid_to": None if valid_to is None else valid_to.isoformat(),
        }


def stated(province: Province, on: date) -> Iterator[Stated]:
    """Yield every rule of `province` in force on `on`, in the order of the list of keys."""
    regulation = province.regulation
    for key in KEYS:
        rule = regulation.stated(key, on)
        if rule is not None:
            yield Stated(rule=rule, origin=_origin(regulation, rule, on))


def _origin(regulation: Regulation, rule: Rule, on: date) -> Origin:
    provincial = regulation.provincial.on(rule.key, on)
    if isinstance(provincial, Rule):
        return Origin.PROVINCE
    if provincial is not None:
        return Origin.PROVINCE_UNKNOWN
    return Origin.LAW if rule.is_law else Origin.DEFAULT


def values_of(value: Value) -> Any:
    """Return the value of a rule as JSON values; what it is silent on is left out."""
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case PerLevel():
            return dict(value.numbers)
        case MonthsPerLevel():
            return {level: list(months) for level, months in value.months}
        case time() | date():
            return value.isoformat()
        case frozenset():
            return sorted(value)
        case tuple():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value):
            named = {each.name: getattr(value, each.name) for each in fields(value)}
            return {name: _plain(each) for name, each in named.items() if each not in (None, ())}
        case _:
            return value
