"""The calendar that a province's file makes, over the national one; of any version of both."""

from datetime import date

from shared.calendar import (
    DayKind,
    WorkCalendar,
    national_overrides,
    read_citations,
    read_overrides,
)
from shared.kernel.reference import Table
from shared.references import ReferenceFile


def calendar_of(national: ReferenceFile, province: Table) -> WorkCalendar:
    """Return the calendar by `national` and the `[[calendar.day]]` rows of `province`.

    Both may be former versions, as a log has adopted and kept them; days that neither names
    are those of the `holidays` library that is installed. Raises RegulationError:
    `reference.*`, `calendar.duplicate_day`.
    """
    overrides: dict[date, DayKind] = national_overrides(national)
    citations = read_citations(national.root().tables("day"))
    if "calendar" in province:
        calendar = province.table("calendar")
        overrides |= read_overrides(calendar.tables("day"))
        citations |= read_citations(calendar.tables("day"))
        calendar.close()
    return WorkCalendar(overrides, citations)
