"""Overrides of the calendar, read from reference files: `[[day]]` on, kind, citation."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from shared.calendar.days import DayKind
from shared.kernel.errors import RegulationError
from shared.kernel.reference import Table, parse, read_reference

NATIONAL_FILE = Path(__file__).parent / "overrides.toml"


def read_overrides(rows: Iterable[Table]) -> dict[date, DayKind]:
    """Return the kind of each overridden day.

    Every row needs a citation. Raises RegulationError: `reference.*`,
    `calendar.duplicate_day`.
    """
    overrides: dict[date, DayKind] = {}
    for row in rows:
        day = row.day("on")
        if day in overrides:
            raise RegulationError("calendar.duplicate_day", file=row.file, place=row.place, day=day)
        overrides[day] = row.one_of("kind", DayKind)
        row.text("citation")
        row.close()
    return overrides


def national_overrides() -> dict[date, DayKind]:
    """Return the days on which the `holidays` library does not know what the State decided."""
    root = parse(read_reference(NATIONAL_FILE), f"calendar/{NATIONAL_FILE.name}")
    overrides = read_overrides(root.tables("day"))
    root.close()
    return overrides
