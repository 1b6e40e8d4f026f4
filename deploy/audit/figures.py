"""A report over archives: the figures of any state that the logs have been in."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from deploy.audit.archive import Archive, service_of
from deploy.audit.deployment import REPORTING
from services.reporting.computing import Report, over
from services.reporting.journal import Kept
from services.reporting.questions import Question
from shared.eventlog import Entry
from shared.kernel.errors import ContractError, LogTampered, NotFound
from shared.provinces import Province

_TEXTS = ("id", "type", "time")


def counted_archives(archives: Sequence[Archive]) -> list[Archive]:
    """Return the logs that figures are counted from: all but Reporting's own."""
    return [archive for archive in archives if service_of(archive) != REPORTING]


def report_over(
    archives: Sequence[Archive],
    sizes: Mapping[str, int],
    asked: Question,
    provinces: Mapping[str, Province],
) -> Report:
    """Return the report over the first `sizes[origin]` entries of each log.

    Logs of which nothing is counted are not named in it, as in a report that is live.

    Raises:
        NotFound: `journal.unknown_log` for a log that no archive is of.
        LogTampered: `audit.hole`, `journal.not_canonical`, `journal.foreign_entry`.
        RegulationError, ContractError: as `services.reporting.counting`.

    """
    by_origin = {archive.origin: archive for archive in archives}
    for origin in sizes:
        if origin not in by_origin:
            raise NotFound("journal.unknown_log", origin=origin)
    wanted = {origin: size for origin, size in sizes.items() if size}
    known_at = max(
        (time_at(by_origin[origin], size - 1) for origin, size in wanted.items()), default=None
    )
    rows = partial(_rows, by_origin, wanted)
    return over(asked, wanted, rows, provinces=provinces, known_at=known_at)


def kept(archive: Archive, first: int, end: int, types: Sequence[str]) -> Iterator[Kept]:
    """Yield the entries of `types` at positions from `first` to before `end`, as rows.

    Raises:
        LogTampered: as `report_over`.

    """
    for position, content in enumerate(archive.entries(first, end), first):
        row = _kept(Entry(archive.origin, position, content))
        if row.type in types:
            yield row


def time_at(archive: Archive, position: int) -> str:
    """Return when the entry at `position` was recorded, RFC 3339 in UTC.

    Raises:
        LogTampered: as `report_over`.

    """
    (content,) = archive.entries(position, position + 1)
    return _kept(Entry(archive.origin, position, content)).time


def _rows(
    by_origin: Mapping[str, Archive], sizes: Mapping[str, int], types: Sequence[str]
) -> Iterator[Kept]:
    for origin, size in sorted(sizes.items()):
        yield from kept(by_origin[origin], 0, size, types)


def _kept(entry: Entry) -> Kept:
    place = {"origin": entry.origin, "position": entry.position}
    try:
        document = entry.document
    except ContractError:
        document = {}
    version = document.get("schemaversion")
    if (
        not all(isinstance(document.get(name), str) for name in _TEXTS)
        or not isinstance(version, int)
        or not isinstance(document.get("data"), dict)
    ):
        raise LogTampered("journal.not_canonical", **place)
    if document.get("source") != entry.origin:
        raise LogTampered("journal.foreign_entry", **place)
    return Kept(
        origin=entry.origin,
        position=entry.position,
        event_id=document["id"],
        type=document["type"],
        schema_version=version,
        time=document["time"],
        content=entry.content,
        leaf=entry.leaf,
    )
