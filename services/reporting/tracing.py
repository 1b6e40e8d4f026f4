"""Drilling down: the events behind a figure."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.reporting import journal
from services.reporting.counting import Amount, Wanted, loaded
from services.reporting.journal import JournalLog, Kept
from services.reporting.places import Place, first_after
from services.reporting.questions import Question
from shared.kernel.errors import BadInput
from shared.runtime import Runtime
from shared.store import Store

CHUNK_ENTRIES = 20_000
"""Entries counted at a time, so that the first page doesn't need the whole journal."""


def trace(
    opened: Runtime,
    asked: Question,
    *,
    measure: str,
    where: Mapping[str, str | None],
    after: Place | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return events that a figure is the sum of, by origin and position, after a place.

    At most `limit` events. `where` names values of the statistic's cells; None is "no
    value". Amounts of all pages add up to the figure. An event that only moves something
    within the cells asked for adds nothing to them, and is left out.

    Raises:
        BadInput: `report.unknown_measure`, `report.unknown_dimension`.

    """
    if measure not in asked.statistic.measures:
        raise BadInput("report.unknown_measure", allowed=asked.statistic.measures)
    if not set(where) <= set(asked.statistic.cells):
        raise BadInput("report.unknown_dimension", allowed=asked.statistic.cells)
    wanted = Wanted(measure=measure, period=asked.period, where=where)
    events: list[dict[str, Any]] = []
    for log in journal.logs(opened.store, asked.provinces):
        start = first_after(after, log.origin)
        if start is None:
            continue
        for rows in _chunks(opened.store, log, start, asked.statistic.types):
            types = {row.position: row.type for row in rows}
            with loaded(rows, opened.aside) as counted:
                counted.run(asked.statistic)
                found = counted.amounts(asked.statistic, wanted, limit - len(events))
            events += [_event(each, types[each.position]) for each in found]
            if len(events) == limit:
                return events
    return events


def _chunks(
    store: Store, log: JournalLog, start: int, types: tuple[str, ...]
) -> Iterator[list[Kept]]:
    while rows := journal.page(store, log, start, log.size, types=types, limit=CHUNK_ENTRIES):
        yield rows
        start = rows[-1].position + 1


def _event(found: Amount, event_type: str) -> dict[str, Any]:
    return {
        "origin": found.origin,
        "position": found.position,
        "event_id": found.event_id,
        "type": event_type,
        "day": found.day.isoformat(),
        "amount": found.amount,
    }
