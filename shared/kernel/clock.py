"""Time as an input. The only module that may read the system clock."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

CIVIL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Deadlines and business dates are civil dates in this zone; instants are UTC."""

Clock = Callable[[], datetime]
"""Tells the present moment, as an aware UTC datetime."""


def system_clock() -> datetime:
    """Return the present moment in UTC, from the operating system."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that is allowed to


def simulated_clock(file: Path) -> Clock:
    """Return a clock that tells the instant written in `file` (ISO 8601, aware).

    For demos and tests only: several processes that read one file share one time.
    While the file does not exist, the system's time is told.
    """

    def tell() -> datetime:
        try:
            return datetime.fromisoformat(file.read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return system_clock()

    return tell


def civil_date(instant: datetime) -> date:
    """Return the civil date in Viet Nam at `instant`."""
    return instant.astimezone(CIVIL_ZONE).date()


def rfc3339(instant: datetime) -> str:
    """Return `instant` as RFC 3339 text in UTC with microseconds and `Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
