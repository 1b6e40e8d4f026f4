"""Drilling down: the events listed are all, and nothing but, what a figure is made of."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest

from services.reporting import figures
from services.reporting.places import Place
from services.reporting.questions import Question, question
from services.reporting.statistics import statistics
from services.reporting.tracing import trace
from shared.runtime import Runtime
from tests.services.intake.chance import history
from tests.services.reporting.conftest import Keep
from tests.services.reporting.history import (
    RECEIVED_ON,
    History,
    at_session,
    attended,
    opinion,
    received,
    scheduled,
    session,
    unscheduled,
)

SESSIONS = statistics()["sessions"]
YEAR = (date(2019, 1, 1), date(2019, 12, 31))


def asked(period: tuple[date, date] = YEAR) -> Question:
    return question(
        SESSIONS, provinces=["ha-noi"], period_from=period[0], period_to=period[1], by=[]
    )


def listed(
    runtime: Runtime, mine: Question, measure: str, where: Mapping[str, str | None], limit: int = 7
) -> list[tuple[str, int]]:
    """Return type and amount of every event behind a figure, gathered page by page."""
    found: list[tuple[str, int]] = []
    after: Place | None = None
    while True:
        page = trace(runtime, mine, measure=measure, where=where, after=after, limit=limit)
        found += [(each["type"], each["amount"]) for each in page]
        if len(page) < limit:
            return found
        after = Place(origin=page[-1]["origin"], position=page[-1]["position"])


@pytest.mark.parametrize("seed", range(2))
def test_what_is_listed_adds_up_to_the_figure_whichever_it_is(
    runtime: Runtime, keep_all: Keep, seed: int
) -> None:
    keep_all(History().record(*history(seed, 150, 6)).entries)
    figures.bring_up(runtime.store, SESSIONS)
    for period in (YEAR, (date(2019, 5, 6), date(2019, 5, 19))):
        cells = figures.read(runtime.store, SESSIONS, ["ha-noi"], period, by_day=False).cells
        for names in ((), ("session_kind",), ("unit", "level")):
            sums: Counter[tuple[tuple[tuple[str, str | None], ...], str]] = Counter()
            for cell, amount in cells.items():
                values = dict(zip(SESSIONS.cells, cell.cell, strict=True))
                sums[tuple((name, values[name]) for name in names), cell.measure] += amount
            for (where, measure), figure in sums.items():
                amounts = [
                    amount for _, amount in listed(runtime, asked(period), measure, dict(where))
                ]
                assert sum(amounts) == figure
                assert 0 not in amounts


def test_an_event_that_only_moves_an_opinion_within_the_figure_is_left_out(
    runtime: Runtime, keep_all: Keep
) -> None:
    mine = opinion()
    keep_all(History().record(received(mine), scheduled(at_session(mine))).entries)
    assert listed(runtime, asked(), "opinions", {}) == [("OpinionReceived", 1)]


def test_where_it_was_and_where_it_went_are_both_traced(runtime: Runtime, keep_all: Keep) -> None:
    mine, heard = opinion(), at_session(opinion())
    events = (received(mine), scheduled(heard), unscheduled(heard))
    keep_all(History().record(*events).entries)
    on_its_day = asked((RECEIVED_ON, RECEIVED_ON))
    assert listed(runtime, on_its_day, "opinions", {"session_kind": None}) == [
        ("OpinionReceived", 1),
        ("OpinionScheduled", -1),
        ("OpinionUnscheduled", 1),
    ]
    assert listed(runtime, asked(), "opinions", {"session_kind": "periodic"}) == [
        ("OpinionScheduled", 1),
        ("OpinionUnscheduled", -1),
    ]


def test_a_page_that_is_full_of_nothing_does_not_end_the_list(
    runtime: Runtime, keep_all: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.reporting.tracing.CHUNK_ENTRIES", 2)
    far = session(unit="ba-dinh")
    events = [attended(far, 5)] * 4 + [attended(session(), 3)] * 3
    keep_all(History().record(*events).entries)
    where = {"unit": "phuong-thanh-cong"}
    assert [amount for _, amount in listed(runtime, asked(), "attendances", where, 2)] == [3] * 3
