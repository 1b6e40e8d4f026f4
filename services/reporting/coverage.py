"""What a figure from paper is about: which units, which level, which kind of session."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from shared.contracts.intake import SessionResultsDeclared
from shared.contracts.vocabulary import Level, SessionKind
from shared.kernel.errors import Refused
from shared.provinces import Province
from shared.territory import OfficialCode, Scheme, Unit

UNIT, COMMUNES_OF = "unit", "communes_of"
_WHICHEVER = (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The computed cells that a declared figure can be compared with. None: whichever."""

    province: str
    units: frozenset[str] | None
    level: Level | None
    session_kind: SessionKind | None

    def holds(self, province: str, unit: str | None, level: str | None, kind: str | None) -> bool:
        """Tell whether it is about this computed cell: never one without a session.

        Results declared are those of sessions; what was never heard at one is not in them.
        """
        return (
            province == self.province
            and kind is not None
            and (self.units is None or unit in self.units)
            and self.level in (None, level)
            and self.session_kind in (None, kind)
        )

    def overlaps(self, other: "Coverage") -> bool:
        """Tell whether both are about some same cell, so that they must not be added up."""
        return (
            self.province == other.province
            and (self.units is None or other.units is None or bool(self.units & other.units))
            and (self.level is None or other.level in (None, self.level))
            and (self.session_kind is None or other.session_kind in (None, self.session_kind))
        )

    @property
    def breadth(self) -> int:
        """How coarse it is: what says more comes first."""
        return (self.level is None) + (self.session_kind is None) + (self.units is None)

    @property
    def unit(self) -> str | None:
        """The one unit that it is about, or None when there are several."""
        return next(iter(self.units)) if self.units and len(self.units) == 1 else None


class Coverages:
    """Several of them, found again by province and unit: there may be thousands."""

    def __init__(self, coverages: Iterable[Coverage] = ()) -> None:
        self._by_province: defaultdict[str, list[Coverage]] = defaultdict(list)
        self._by_unit: defaultdict[tuple[str, str | None], list[Coverage]] = defaultdict(list)
        for coverage in coverages:
            self.add(coverage)

    def add(self, coverage: Coverage) -> None:
        """Have one more."""
        self._by_province[coverage.province].append(coverage)
        for unit in _WHICHEVER if coverage.units is None else coverage.units:
            self._by_unit[coverage.province, unit].append(coverage)

    def hold(self, province: str, unit: str | None, level: str | None, kind: str | None) -> bool:
        """Tell whether one of them is about this computed cell."""
        found = (self._by_unit.get((province, each), ()) for each in {unit, *_WHICHEVER})
        return any(each.holds(province, unit, level, kind) for each in chain(*found))

    def overlap(self, other: Coverage) -> bool:
        """Tell whether one of them is about some same cell as `other`."""
        if other.units is None:
            found: Iterable[Coverage] = self._by_province.get(other.province, ())
        else:
            units = (*other.units, *_WHICHEVER)
            found = chain(*(self._by_unit.get((other.province, unit), ()) for unit in units))
        return any(each.overlaps(other) for each in found)


def coverage_of(declared: SessionResultsDeclared, province: Province) -> Coverage | None:
    """Return what `declared` is about; None when no computed cell is about the same.

    That is so for a sector, a single mode, and a unit that the province's file lacks.
    """
    if declared.scope not in (UNIT, COMMUNES_OF) or declared.mode is not None:
        return None
    try:
        scheme = Scheme(declared.territory_scheme)
        unit = province.unit_by_code(OfficialCode(scheme, declared.unit_level, declared.unit_code))
    except (Refused, ValueError):
        return None
    level = declared.level
    units: frozenset[str] | None
    if declared.scope == COMMUNES_OF:
        level = level or Level.COMMUNE
        units = None if unit.level is Level.PROVINCE else _below(unit, province)
    elif level is unit.level:
        units = frozenset({unit.key})
    else:
        units = None if unit.level is Level.PROVINCE else _below(unit, province) | {unit.key}
    return Coverage(
        province=province.slug, units=units, level=level, session_kind=declared.session_kind
    )


def _below(unit: Unit, province: Province) -> frozenset[str]:
    """Return the keys of all units that ever lay in `unit`, directly or not."""
    found: set[str] = set()
    edge = {unit.key}
    while edge:
        edge = {row.key for row in province.territory.units if row.parent in edge} - found
        found |= edge
    return frozenset(found)
