"""What became of a unit on 2025-07-01, and what it was before. Nothing is ever shared out."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from shared.contracts.vocabulary import Level
from shared.territory.lists import (
    Edge,
    ListedUnit,
    children_of,
    edges,
    line_of,
    listed,
    resolutions,
    unit_of,
)
from shared.territory.units import CHANGED_ON, OfficialCode, Scheme

_PROVINCES = "Nghị quyết 202/2025/QH15"
_DISTRICTS = "Nghị quyết 203/2025/QH15; Luật 72/2025/QH15"


class Succession(NamedTuple):
    """An old unit, the new one it went into, from when, and by which act."""

    old: ListedUnit
    new: ListedUnit
    is_partial: bool
    """Only a part of `old` went there; how much is not stated."""
    since: date
    """First day of the new unit."""
    citation: str


class History(NamedTuple):
    """What a unit was before and what it became."""

    unit: ListedUnit
    predecessors: tuple[Succession, ...]
    successors: tuple[Succession, ...]
    ended_by: str | None
    """The act that ended the unit's level, where no other unit succeeded it."""


class Restated(NamedTuple):
    """Today's unit for an old one."""

    unit: ListedUnit | None
    """None when it can't be allocated: then it belongs in a line of its own."""
    candidates: tuple[ListedUnit, ...]
    """The units among which it would have to be shared out, when there are several."""


def history(official: OfficialCode) -> History:
    """Return the history of a unit. Raises KeyError when no list has this code."""
    unit = listed(official.scheme)[official]
    successors = tuple(_succession(edge) for edge in _from().get(official, ()))
    has_ended = official.level is Level.DISTRICT and not successors
    return History(
        unit=unit,
        predecessors=tuple(_succession(edge) for edge in _into().get(official, ())),
        successors=successors,
        ended_by=_DISTRICTS if has_ended else None,
    )


def restate(official: OfficialCode, level: Level = Level.COMMUNE) -> Restated:
    """Return the unit of `level` as of 2025-07-01 in which the whole of an old one lies.

    A commune that was split, and a district, can't be allocated to one commune: `unit` is
    None and `candidates` names them. Their province is certain. A unit of today is itself,
    or lies in its province. A province lies in no commune: nothing at all. Raises KeyError
    when no list has this code, ValueError for the level of districts, which has ended.
    """
    if level is Level.DISTRICT:
        raise ValueError(level)
    places, is_partial = _places(listed(official.scheme)[official])
    if level is Level.PROVINCE:
        provinces = {line_of(place)[-1].official: line_of(place)[-1] for place in places}
        places, is_partial = tuple(provinces.values()), False
    elif official.level is Level.PROVINCE:
        return Restated(None, ())
    if len(places) == 1 and not is_partial:
        return Restated(places[0], ())
    return Restated(None, places)


def _places(unit: ListedUnit) -> tuple[tuple[ListedUnit, ...], bool]:
    """Return the new units that an old one went to, and whether that is not the whole."""
    if unit.official.scheme is Scheme.FROM_2025_07:
        return (unit,), False
    straight = _from().get(unit.official)
    if straight is not None:
        return tuple(_known(edge.new) for edge in straight), straight[0].is_partial
    below = [_places(child) for child in children_of(unit.official)]
    places = {place.official: place for found, _ in below for place in found}
    return tuple(places[code] for code in sorted(places)), True


def _succession(edge: Edge) -> Succession:
    new = _known(edge.new)
    return Succession(_known(edge.old), new, edge.is_partial, CHANGED_ON, _citation(new))


def _citation(new: ListedUnit) -> str:
    if new.official.level is Level.PROVINCE:
        return _PROVINCES
    province = line_of(new)[-1]
    number = resolutions()[province.official]
    act = f" {number}/NQ-UBTVQH15" if number else " của Ủy ban Thường vụ Quốc hội"
    subject = f"về việc sắp xếp các đơn vị hành chính cấp xã của {province.full_name} năm 2025"
    return f"Nghị quyết{act} ngày 16/6/2025 {subject}"


def _known(official: OfficialCode) -> ListedUnit:
    unit = unit_of(official)
    if unit is None:
        raise KeyError(official)
    return unit


@cache
def _from() -> Mapping[OfficialCode, tuple[Edge, ...]]:
    found: defaultdict[OfficialCode, list[Edge]] = defaultdict(list)
    for edge in edges():
        found[edge.old].append(edge)
    return {code: tuple(rows) for code, rows in found.items()}


@cache
def _into() -> Mapping[OfficialCode, tuple[Edge, ...]]:
    found: defaultdict[OfficialCode, list[Edge]] = defaultdict(list)
    for edge in edges():
        found[edge.new].append(edge)
    return {code: tuple(rows) for code, rows in found.items()}
