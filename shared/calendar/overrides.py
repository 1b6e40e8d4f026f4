"""Overrides of the calendar, read from reference files: `[[day]]` on, kind, citation."""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version
from pathlib import Path

from shared.calendar.days import DayKind
from shared.contracts.vocabulary import ReferenceKind
from shared.kernel.errors import RegulationError
from shared.kernel.reference import Table, read_reference
from shared.references import ReferenceFile

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


def read_citations(rows: Iterable[Table]) -> dict[date, str]:
    """Return the decision behind each overridden day. Raises RegulationError `reference.*`."""
    return {row.day("on"): row.text("citation") for row in rows}


def national_file() -> ReferenceFile:
    """Return the national overrides as they are now, over this release of the library."""
    library = f"holidays-{version('holidays')}"
    return ReferenceFile(
        kind=ReferenceKind.CALENDAR,
        name=f"calendar/{NATIONAL_FILE.name}",
        content=read_reference(NATIONAL_FILE),
        library=library,
        label=library,
    )


def national_overrides(file: ReferenceFile | None = None) -> dict[date, DayKind]:
    """Return the days on which the `holidays` library does not know what the State decided.

    By `file`, or by the one that is there now.
    """
    root = (file or national_file()).root()
    overrides = read_overrides(root.tables("day"))
    root.close()
    return overrides
