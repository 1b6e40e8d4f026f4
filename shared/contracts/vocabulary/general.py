"""What all services speak of: levels, outcomes, visibility, reference files."""

from enum import StrEnum


class Level(StrEnum):
    """Level of government that a unit, session or opinion belongs to (cấp)."""

    PROVINCE = "province"
    DISTRICT = "district"
    """Quận, huyện, thị xã: until 2025-06-30."""
    COMMUNE = "commune"
    """Phường, xã, thị trấn, đặc khu."""


class Outcome(StrEnum):
    """What an answer amounts to (kết quả trả lời)."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    ACCEPTED_WITH_PLAN = "accepted_with_plan"
    NOT_RESOLVABLE = "not_resolvable"


class Visibility(StrEnum):
    """Who may read a text besides its owner's supervisors."""

    RESTRICTED = "restricted"
    """Only whoever now has to act on it."""
    PUBLIC = "public"


class ReferenceKind(StrEnum):
    """What a reference file is about (loại tệp tham chiếu)."""

    REGULATION = "regulation"
    """Rules of the whole country and defaults of this system."""
    CALENDAR = "calendar"
    """Days off and made up for, over the calendar of the `holidays` library."""
    FIELDS = "fields"
    PROVINCE = "province"
    """One province: units, organisations, agencies, routing, regulation, days off."""
    STATISTIC = "statistic"
    """A query over events, whose sums are figures."""
