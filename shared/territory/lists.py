"""The official lists of both schemes, shipped as CSV and read once, when first asked for.

`data/SOURCES.md` says where they come from and what they leave out.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shared.contracts.vocabulary import Level
from shared.territory.kinds import UnitKind
from shared.territory.units import OfficialCode, Scheme

DATA = Path(__file__).parent / "data"


class ListedUnit(NamedTuple):
    """A unit as an official list has it."""

    official: OfficialCode
    kind: UnitKind
    name: str
    """Without its kind: "Giảng Võ"."""
    parent: OfficialCode | None
    """None for a province."""

    @property
    def full_name(self) -> str:
        """Return the name with its kind, as it stood: "phường Giảng Võ"."""
        return f"{self.kind.vi} {self.name}"


class Edge(NamedTuple):
    """An old unit of which all or a part went into a new one."""

    old: OfficialCode
    new: OfficialCode
    is_partial: bool
    """Only a part of `old` went there."""


@cache
def listed(scheme: Scheme) -> Mapping[OfficialCode, ListedUnit]:
    """Return the units of a scheme: from the provinces down, by code."""
    units: dict[OfficialCode, ListedUnit] = {}
    for unit, kind, name, parent in _rows(f"units-{scheme}.csv"):
        official = _official(unit)
        above = _official(parent) if parent else None
        units[official] = ListedUnit(official, UnitKind(kind), name, above)
    return units


@cache
def edges() -> tuple[Edge, ...]:
    """Return what went where on 2025-07-01, sorted."""
    return tuple(
        Edge(_official(old), _official(new), part == "partial")
        for old, new, part in _rows("successions.csv")
    )


@cache
def resolutions() -> Mapping[OfficialCode, str | None]:
    """Return the number of the resolution that made the communes of each new province.

    None where it is not known for certain.
    """
    return {_official(province): number or None for province, number in _rows("resolutions.csv")}


def unit_of(official: OfficialCode) -> ListedUnit | None:
    """Return the unit that has this official code, or None."""
    return listed(official.scheme).get(official)


def line_of(unit: ListedUnit) -> tuple[ListedUnit, ...]:
    """Return the unit and those it lies in, the smallest first."""
    above = None if unit.parent is None else unit_of(unit.parent)
    return (unit,) if above is None else (unit, *line_of(above))


def children_of(official: OfficialCode) -> tuple[ListedUnit, ...]:
    """Return the units directly below, by code."""
    return _children(official.scheme).get(official, ())


@cache
def _children(scheme: Scheme) -> Mapping[OfficialCode, tuple[ListedUnit, ...]]:
    below: defaultdict[OfficialCode, list[ListedUnit]] = defaultdict(list)
    for unit in listed(scheme).values():
        if unit.parent is not None:
            below[unit.parent].append(unit)
    return {parent: tuple(units) for parent, units in below.items()}


@cache
def _of(prefix: str) -> tuple[Scheme, Level]:
    scheme, level = prefix.split("/")
    return Scheme(scheme), Level(level)


def _official(text: str) -> OfficialCode:
    """Return what `OfficialCode.parse` does, at a third of the price: 25,000 times a start."""
    prefix, _, code = text.rpartition("/")
    return OfficialCode(*_of(prefix), code)


def _rows(name: str) -> Iterator[list[str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows
