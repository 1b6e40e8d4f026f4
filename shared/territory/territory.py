"""The units of one province over time, asked by key, by official code and by name."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from shared.contracts.vocabulary import Level
from shared.kernel.periods import Register
from shared.territory.names import bare_name, folded, full_names
from shared.territory.units import OfficialCode, Unit


class Territory:
    """Dated units with their parents. Answers None or nothing; refusing is the caller's."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Take units that have been checked: no overlap of a key, every parent there."""
        self.units = Register(units)
        self._by_code: defaultdict[OfficialCode, list[Unit]] = defaultdict(list)
        self._by_full: defaultdict[str, list[Unit]] = defaultdict(list)
        self._by_bare: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            if unit.official is not None:
                self._by_code[unit.official].append(unit)
            self._by_full[folded(unit.name)].append(unit)
            self._by_bare[bare_name(unit.name)].append(unit)

    def on(self, key: str, day: date) -> Unit | None:
        """Return the unit that `key` names on `day`, or None."""
        return self.units.on(key, day)

    def by_code(self, official: OfficialCode) -> tuple[Unit, ...]:
        """Return the units that ever had this official code: mostly one, or none."""
        return tuple(self._by_code.get(official, ()))

    def children(self, key: str, day: date) -> tuple[Unit, ...]:
        """Return the units directly below `key` on `day`."""
        return tuple(unit for unit in self.units if unit.parent == key and unit.includes(day))

    def line(self, key: str, day: date) -> tuple[Unit, ...]:
        """Return the unit on `day` and those it lies in, the smallest first."""
        found: list[Unit] = []
        unit = self.on(key, day)
        while unit is not None and unit not in found:
            found.append(unit)
            unit = None if unit.parent is None else self.on(unit.parent, day)
        return tuple(found)

    def at_level(self, key: str, level: Level, day: date) -> Unit | None:
        """Return the unit of `level` that `key` is or lies in on `day`, or None."""
        return next((unit for unit in self.line(key, day) if unit.level is level), None)

    def named(self, name: str, day: date) -> tuple[Unit, ...]:
        """Return the units that `name` can mean on `day`; several when it is ambiguous.

        Understands the key, the name with its type ("phường Thành Công", "P. Thành Công"),
        without it, and what it lies in after a comma ("Thành Công, quận Ba Đình"). A name
        with its type wins over a bare one.
        """
        first, *outer = name.split(",")
        found = self._alone(first, day)
        for place in outer:
            around = {unit.key for unit in self._alone(place, day)}
            found = tuple(
                unit
                for unit in found
                if any(above.key in around for above in self.line(unit.key, day)[1:])
            )
        return found

    def _alone(self, name: str, day: date) -> tuple[Unit, ...]:
        by_key = self.on(name.strip(), day)
        if by_key is not None:
            return (by_key,)
        full = [unit for spelt in full_names(name) for unit in self._by_full.get(spelt, ())]
        in_force = tuple(dict.fromkeys(unit for unit in full if unit.includes(day)))
        if in_force:
            return in_force
        return tuple(unit for unit in self._by_bare.get(folded(name), ()) if unit.includes(day))
