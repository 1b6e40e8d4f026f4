"""What a value of a report is called: in Vietnamese, for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.kernel.errors import RegulationError
from shared.provinces import Province
from shared.texts import Catalogue
from shared.texts.formats import NOT_STATED, ngay

SECTOR = "sector:"


@dataclass(frozen=True, slots=True)
class Names:
    """Names from the texts and from the province files."""

    catalogue: Catalogue
    provinces: Mapping[str, Province]

    def statistic(self, name: str) -> str:
        """Return the title of a statistic."""
        return self._text(f"statistics.{name}", name)

    def heading(self, name: str) -> str:
        """Return the heading of a dimension, a measure or a share."""
        return self._text(f"words.dimension.{name}", self._text(f"words.measure.{name}", name))

    def value(self, dimension: str, value: str | None) -> str:
        """Return what a value is called; a key that nothing names stays a key."""
        if value is None:
            return self._text(f"reports.without.{dimension}", NOT_STATED)
        if dimension == "day":
            return ngay(date.fromisoformat(value))
        if dimension == "month":
            year, month = value.split("-")
            return f"{month}/{year}"
        if dimension == "province":
            province = self.provinces.get(value)
            return province.name if province else value
        if dimension == "unit":
            found = [
                unit.name
                for province in self.provinces.values()
                for unit in province.territory.units.ever(value)
            ]
            return found[-1] if found else value
        if dimension == "field":
            return self._field(value)
        return self._text(f"words.{dimension}.{value}", value)

    def scope(self, row: Mapping[str, Any]) -> str:
        """Return what a declared row of its own is about, but for what `row` says beside it."""
        scope: str = row["scope"]
        stated = row["declared"]
        place = ", ".join(stated["units"])
        if scope.startswith(SECTOR):
            sector = self._field(scope.removeprefix(SECTOR))
            place = self.catalogue.text("reports.sector", sector=sector, place=place)
        elif scope == "communes_of":
            place = self.catalogue.text("reports.communes_of", place=place)
        words = [
            self._text(f"words.{vocabulary}.{value}", value)
            for vocabulary in ("level", "session_kind", "mode")
            for value in stated[f"{vocabulary}s"]
            if vocabulary not in row
        ]
        return ", ".join((place, *words))

    def _field(self, key: str) -> str:
        for province in self.provinces.values():
            for field in province.fields.register.ever(key):
                return field.vi
        return key

    def _text(self, key: str, otherwise: str) -> str:
        try:
            return self.catalogue.text(key)
        except RegulationError:
            return otherwise
