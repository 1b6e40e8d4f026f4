"""A territorial unit: its key, its name as it stood, its official code in a scheme."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from shared.contracts.vocabulary import Level
from shared.kernel.periods import Dated, Period

CHANGED_ON = date(2025, 7, 1)
"""First day of the 34 provinces without districts."""


class Scheme(StrEnum):
    """A list of official codes. The same code means different units in the two."""

    UNTIL_2025_06 = "2025-01"
    """63 provinces, districts, communes: the list of January 2025."""
    FROM_2025_07 = "2025-07"
    """34 provinces, no districts, 3,321 communes."""

    @property
    def listed_on(self) -> date:
        """Return the day whose units the shipped list of this scheme holds."""
        return CHANGED_ON if self is Scheme.FROM_2025_07 else CHANGED_ON - timedelta(days=1)

    @property
    def period(self) -> Period:
        """Return the days on which units of this scheme can exist."""
        if self is Scheme.UNTIL_2025_06:
            return Period(valid_from=date.min, valid_to=CHANGED_ON - timedelta(days=1))
        return Period(valid_from=CHANGED_ON)


class OfficialCode(NamedTuple):
    """What the statistics office calls a unit: only the three together name one."""

    scheme: Scheme
    level: Level
    code: str

    def __str__(self) -> str:
        """Return the three in one, which no spreadsheet takes for a number."""
        return f"{self.scheme}/{self.level}/{self.code}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code that `str` wrote: `2025-01/commune/00031`. Raises ValueError."""
        scheme, level, code = text.split("/")
        if not (code.isascii() and code.isdecimal()):
            raise ValueError(text)
        return cls(Scheme(scheme), Level(level), code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Dated):
    """A province, district or commune. `key` is a slug that stands in events for ever."""

    name: str
    """With its type, as it stood: "phường Thành Công"."""
    level: Level
    scheme: Scheme
    code: str | None = None
    """Official code within `scheme` and `level`; None where it is not known for certain."""
    parent: str | None = None
    """Key of the unit it lies in; None for a province."""

    @property
    def official(self) -> OfficialCode | None:
        """Return the full official code, or None where it is not known."""
        return None if self.code is None else OfficialCode(self.scheme, self.level, self.code)
