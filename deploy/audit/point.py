"""A state that the logs have been in: how much of each was there."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from deploy.audit.archive import Archive
from deploy.audit.figures import time_at
from shared.kernel.clock import CIVIL_ZONE, rfc3339
from shared.kernel.errors import BadInput, NotFound

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{2})/(\d{2})/(\d{4})")
_POSITION = re.compile(r"(.+)=(\d{1,18})")

Sizes = Mapping[str, int]
"""By log: how many of its first entries were there."""


def day_of(text: str) -> date | None:
    """Return the day that `text` names, `2021-06-30` or `30/06/2021`; None when it names none."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def sizes_to(archives: Sequence[Archive], points: Sequence[str]) -> dict[str, int]:
    """Return the state that `points` name.

    A point is a civil day in Viet Nam, inclusive: "as known on", by the time of recording;
    or `ORIGIN=POSITION`, inclusive too. A log that is not named is cut at the day, or else
    at the instant at which the last of the named entries was recorded.

    Raises:
        BadInput: `audit.bad_point`, also for two days.
        NotFound: `journal.unknown_log`, `audit.beyond_the_end`.
        LogTampered: as `figures.report_over`.

    """
    day: date | None = None
    positions: dict[str, int] = {}
    for point in points:
        named = _POSITION.fullmatch(point)
        on = day_of(point)
        if named is not None:
            positions[named[1]] = int(named[2])
        elif on is not None and day is None:
            day = on
        else:
            raise BadInput("audit.bad_point")
    if not points:
        raise BadInput("audit.bad_point")
    sizes = dict(_named(archives, positions))
    if day is not None:
        before = _end_of(day)
    else:
        by_origin = {archive.origin: archive for archive in archives}
        last = max(time_at(by_origin[origin], at) for origin, at in positions.items())
        before = last + "\0"  # the least text that is greater
    for archive in archives:
        if archive.origin not in sizes:
            sizes[archive.origin] = size_before(archive, before)
    return sizes


def size_before(archive: Archive, instant: str) -> int:
    """Return how many entries were recorded before `instant`: times never decrease."""
    return bisect_left(_Times(archive), instant, hi=archive.size())


@dataclass(frozen=True, slots=True)
class _Times(Sequence[str]):
    """The instants of a log, each read when it is asked for."""

    archive: Archive

    def __len__(self) -> int:
        return self.archive.size()

    def __getitem__(self, position: int) -> str:  # type: ignore[override]
        return time_at(self.archive, position)


def _named(archives: Sequence[Archive], positions: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    by_origin = {archive.origin: archive for archive in archives}
    for origin, position in positions.items():
        if origin not in by_origin:
            raise NotFound("journal.unknown_log", origin=origin)
        size = by_origin[origin].size()
        if position >= size:
            raise NotFound("audit.beyond_the_end", origin=origin, position=position, size=size)
        yield origin, position + 1


def _end_of(day: date) -> str:
    """Return the first instant after `day`, as recorded times are written."""
    return rfc3339(datetime.combine(day + timedelta(days=1), time(), CIVIL_ZONE))
