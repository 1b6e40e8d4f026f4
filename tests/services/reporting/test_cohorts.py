"""Whatever happens to opinions, every row of every report is possible, at every moment.

The events are those that Intake itself records: its decider is asked at random, so there
is no history here that could not be, and many that nobody thought of.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations

import pytest

from services.intake.evolving import OpinionEvent
from services.reporting.counting import Cell, count
from services.reporting.questions import question
from services.reporting.statistics import statistics
from shared.contracts import Event
from shared.contracts.intake import (
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionDeclined,
    OpinionUnscheduled,
)
from tests.services.intake.chance import history
from tests.services.reporting.history import History, of_types

SESSIONS = statistics()["sessions"]
DIMENSIONS = ("province", "month", "day", *SESSIONS.cells)
GROUPINGS = tuple(
    chain.from_iterable(combinations(DIMENSIONS, size) for size in range(len(DIMENSIONS) + 1))
)
SEEDS = range(4)
STEPS = 500
OPINIONS = 24
LOOKS = 6

Rows = dict[tuple[str | None, ...], Counter[str]]


def at(moment: int, events: Sequence[Event]) -> dict[Cell, int]:
    return count(SESSIONS, of_types(SESSIONS, History().record(*events[:moment]).entries))


def rows_of(cells: dict[Cell, int], by: tuple[str, ...]) -> Rows:
    days = [cell.day for cell in cells]
    asked = question(
        SESSIONS, provinces=["ha-noi"], period_from=min(days), period_to=max(days), by=by
    )
    rows: Rows = {}
    for cell, amount in cells.items():
        group = asked.group(cell.province, cell.day, cell.cell)
        rows.setdefault(group, Counter())[cell.measure] += amount
    return rows


def looked_at(events: Sequence[OpinionEvent]) -> dict[Cell, int]:
    """Return the cells by what has become of each opinion, not by adding what happened."""
    lives: dict[str, list[OpinionEvent]] = {}
    for event in events:
        lives.setdefault(event.opinion_id, []).append(event)
    found: Counter[Cell] = Counter()
    for life in lives.values():
        last = life[-1]
        is_heard = last.held_on is not None and not isinstance(last, OpinionUnscheduled)
        day = last.held_on if last.held_on and is_heard else last.received_on
        kind = last.session_kind if is_heard else None
        where = (last.unit, last.level)
        if is_heard and last.session_unit is not None and last.session_level is not None:
            where = (last.session_unit, last.session_level)
        for measure, amount in _measures(life).items():
            found[Cell("ha-noi", day, (*where, kind), measure)] += amount
    return dict(found)


def _measures(life: Sequence[OpinionEvent]) -> dict[str, int]:
    became: tuple[str, ...] = ()
    match life[-1]:
        case OpinionAnswered(on_the_spot=True):
            became = ("answered", "answered_on_spot")
        case OpinionAnswered(days_late=0):
            became = ("answered", "on_time")
        case OpinionAnswered():
            became = ("answered", "late")
        case OpinionDeclined():
            became = ("declined",)
        case OpinionBecameOverdue():
            became = ("overdue",)
        case _:
            pass
    return {"opinions": 1, "voices": life[0].voices} | dict.fromkeys(became, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_row_is_possible_by_whatever_and_whenever_it_is_asked(seed: int) -> None:
    events = history(seed, STEPS, OPINIONS)
    for moment in range(1, len(events) + 1, max(1, len(events) // LOOKS)):
        cells = at(moment, events)
        for by in GROUPINGS:
            for row in rows_of(cells, by).values():
                assert all(amount >= 0 for amount in row.values())
                assert row["answered"] == row["answered_on_spot"] + row["on_time"] + row["late"]
                open_or_left = row["opinions"] - row["answered"]
                assert row["overdue"] + row["declined"] <= open_or_left
                assert row["voices"] >= row["opinions"]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sums_are_what_somebody_finds_who_looks_at_every_opinion(seed: int) -> None:
    events = history(seed, STEPS, OPINIONS)
    for moment in range(1, len(events) + 1, max(1, len(events) // LOOKS)):
        assert at(moment, events) == looked_at(events[:moment])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rows_of_every_grouping_add_up_to_the_same(seed: int) -> None:
    events = history(seed, STEPS, OPINIONS)
    cells = at(len(events), events)
    (whole,) = rows_of(cells, ()).values()
    for by in GROUPINGS:
        assert sum(rows_of(cells, by).values(), Counter()) == +whole


def test_the_histories_drawn_have_what_could_go_wrong() -> None:
    kinds: set[type] = set()
    left = Counter[str]()
    for seed in SEEDS:
        events = history(seed, STEPS, OPINIONS)
        kinds |= {type(event) for event in events}
        for cell, amount in at(len(events), events).items():
            left[cell.measure] += amount
    assert {OpinionBecameOverdue, OpinionUnscheduled} <= kinds
    assert {"overdue", "late", "answered_on_spot", "declined"} <= left.keys()
