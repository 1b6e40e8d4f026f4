"""Whatever becomes of opinions, the figures say where they are, and add up at every moment."""

from collections import Counter
from dataclasses import replace

import pytest

from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from services.intake.states import InHandling, KnownState, Merged, Split, State, Unknown, state_name
from services.reporting import computing
from services.reporting.counting import count
from services.reporting.questions import Question, question
from services.reporting.statistics import statistics
from shared.contracts.intake import OpinionAccepted, OpinionDeclined, OpinionReceived
from shared.kernel.errors import LogTampered
from shared.runtime import Runtime
from tests.services.intake.forest import drawn
from tests.services.reporting.conftest import Keep
from tests.services.reporting.golden import PERIOD
from tests.services.reporting.history import History, declined, of_types, opinion, received

SEEDS, STEPS, LOOKS = range(6), 500, 5
PLACES = {"received": "in_screening", "clarifying": "in_screening", "closed": "answered"}


def sums(name: str, events: list[OpinionEvent]) -> Counter[str]:
    """Return the measures over everything."""
    statistic = statistics()[name]
    found: Counter[str] = Counter()
    cells = count(statistic, of_types(statistic, History().record(*events).entries))
    for cell, amount in cells.items():
        found[cell.measure] += amount
    return found


def states_after(events: list[OpinionEvent]) -> list[KnownState]:
    states: dict[str, State] = {}
    for event in events:
        state = states.get(event.opinion_id, Unknown())
        states[event.opinion_id] = OPINION.evolve(state, event)
    return [state for state in states.values() if not isinstance(state, Unknown)]


def moments(events: list[OpinionEvent]) -> list[list[OpinionEvent]]:
    step = max(1, len(events) // LOOKS)
    return [events[:size] for size in range(step, len(events) + 1, step)]


@pytest.mark.parametrize("seed", SEEDS)
def test_cases_are_where_their_streams_say(seed: int) -> None:
    for events in moments(drawn(seed, STEPS).events):
        cases = [each for each in states_after(events) if not isinstance(each, Split)]
        found = Counter(PLACES.get(state_name(each), state_name(each)) for each in cases)
        assert +sums("cases", events) == found + Counter(cases=len(cases))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_opinion_counts_once_with_all_its_voices_however_it_is_merged(seed: int) -> None:
    for events in moments(drawn(seed, STEPS).events):
        counted = [e for e in states_after(events) if not isinstance(e, Split | Merged)]
        found = sums("sessions", events)
        assert found["opinions"] == sums("fields", events)["opinions"] == len(counted)
        assert found["voices"] == sum(each.dimensions.voices for each in counted)
        overdue = [
            each
            for each in counted
            if isinstance(each, InHandling) and each.is_overdue and each.course.answers == 0
        ]
        assert found["overdue"] == len(overdue)
        assert found["answered"] == sum(each.course.answers > 0 for each in counted)
        assert found["withdrawn"] == sum(state_name(each) == "withdrawn" for each in counted)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_field_holds_the_opinions_that_are_about_it(seed: int) -> None:
    statistic = statistics()["fields"]
    events = drawn(seed, STEPS).events
    counted = [e for e in states_after(events) if not isinstance(e, Split | Merged)]
    cells = count(statistic, of_types(statistic, History().record(*events).entries))
    found: Counter[str] = Counter()
    for cell, amount in cells.items():
        if cell.measure == "opinions":
            found[str(cell.cell[1])] += amount
    assert +found == Counter(each.dimensions.field for each in counted)


def test_the_histories_drawn_have_what_could_go_wrong() -> None:
    kinds = Counter(type(event).__name__ for seed in SEEDS for event in drawn(seed, STEPS).events)
    assert len(kinds) > 30, kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_what_skips_a_level_counts_as_screening_found_it_last(seed: int) -> None:
    events = drawn(seed, STEPS).events
    found = [each for each in states_after(events) if each.course.is_classified]
    told = sums("levels", events)
    assert (told["classified"], told["skipping"]) == (
        len(found),
        sum(each.course.skips_level is True for each in found),
    )


def test_time_of_each_step_is_told_by_organisation() -> None:
    found = sums("screening", drawn(1, STEPS).events)
    assert found["taken"] > 0
    assert found["days"] > 0


def test_a_decline_of_an_older_release_adds_up_too(runtime: Runtime, keep_all: Keep) -> None:
    mine = opinion()
    accepted = OpinionAccepted(**{name: getattr(mine, name) for name in mine.__slots__})
    keep_all(History().record(received(mine), accepted, declined(mine)).entries)
    totals = computing.newest(runtime, _asked()).document["totals"]
    assert (totals["cases"], totals["declined"]) == (1, 1)


@pytest.mark.parametrize("lie", ["lost", "twice"])
def test_a_report_whose_cases_do_not_add_up_is_refused(
    runtime: Runtime, keep_all: Keep, lie: str
) -> None:
    mine = received(opinion())
    gone = replace(declined(opinion()), state_before="in_handling")
    events: list[OpinionReceived | OpinionDeclined] = [mine, gone] if lie == "lost" else [mine]
    if lie == "twice":
        events += [declined(opinion())] * 2
    keep_all(History().record(*events).entries)
    with pytest.raises(LogTampered) as caught:
        computing.newest(runtime, _asked())
    assert caught.value.code == "report.does_not_add_up"
    assert caught.value.facts["whole"] == "cases"


def _asked() -> Question:
    first, last = PERIOD
    return question(
        statistics()["cases"], provinces=["ha-noi"], period_from=first, period_to=last, by=()
    )
