"""The statistics of what follows sessions, and of duties to hold them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.sessions import (
    ConclusionAmended,
    ConclusionIssued,
    ResultsPublished,
    SessionCompleted,
    SessionObligationMet,
    SessionObligationMissed,
)
from tests.contracts.examples import minimal
from tests.services.reporting.history import HELD_ON, session, sums

YEAR_END = date(2019, 12, 31)


def of_session(form: Any, **more: Any) -> Any:
    known = session()
    dimensions = {name: getattr(known, name) for name in ("session_id", "unit", "level")}
    more = {"held_on": HELD_ON, "session_kind": known.session_kind, **dimensions, **more}
    return replace(minimal(form), **more)


@pytest.mark.parametrize(("days_late", "late"), [(None, {}), (0, {}), (3, {"conclusions_late": 1})])
def test_a_conclusion_counts_on_the_sessions_day_and_as_late_where_it_says_so(
    days_late: int | None, late: dict[str, int]
) -> None:
    issued = of_session(ConclusionIssued, days_late=days_late)
    assert sums(issued, statistic="conclusions") == {
        (HELD_ON, "periodic", measure): count
        for measure, count in {"conclusions": 1, **late}.items()
    }


def test_amendments_publications_and_completed_sessions_count_there_too() -> None:
    events = (
        of_session(ConclusionAmended, amendment=1),
        of_session(ResultsPublished, days_late=2),
        of_session(SessionCompleted),
    )
    assert sums(*events, statistic="conclusions") == {
        (HELD_ON, "periodic", measure): 1
        for measure in ("amendments", "results_published", "results_late", "sessions_completed")
    }


def test_a_duty_counts_on_the_last_day_of_its_period() -> None:
    missed = replace(minimal(SessionObligationMissed), period_to=YEAR_END)
    met = replace(minimal(SessionObligationMet), obligation_id="d-2", period_to=YEAR_END)
    level = missed.level
    assert sums(missed, met, statistic="obligations") == {
        (YEAR_END, level, "obligations_missed"): 1,
        (YEAR_END, level, "obligations_met"): 1,
    }


def test_a_duty_met_after_its_miss_is_missed_no_more() -> None:
    missed = replace(minimal(SessionObligationMissed), period_to=YEAR_END)
    met = replace(minimal(SessionObligationMet), period_to=YEAR_END, was_missed=True)
    assert sums(missed, met, statistic="obligations") == {
        (YEAR_END, missed.level, "obligations_met"): 1,
    }
