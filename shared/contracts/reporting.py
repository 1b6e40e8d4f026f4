"""Events owned by Reporting (báo cáo)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """How much of one log a report counted: the entries at positions below `size`."""

    origin: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPublished:
    """A report became public; anybody can compute it again from the logs it names."""

    report_id: str
    statistic: str
    statistic_sha256: str
    """Of the statistic's SQL file."""
    period_from: date
    period_to: date
    by: tuple[str, ...]
    logs: tuple[LogSize, ...]
    report_sha256: str
    """Of the report's canonical JSON."""


ReportingEvent = ReportPublished
