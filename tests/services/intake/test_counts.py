"""Cases = received + eligible + scheduled + in handling + answered + declined, always."""

from collections import Counter

import pytest

from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from services.intake.states import state_name
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionReceived,
    OpinionUnscheduled,
)
from tests.services.intake.chance import counts, history

STEPS = 150


def by_state(events: list[OpinionEvent]) -> Counter[str]:
    past: dict[str, list[OpinionEvent]] = {}
    for event in events:
        past.setdefault(event.opinion_id, []).append(event)
    return Counter(state_name(OPINION.state_after(mine)) for mine in past.values())


@pytest.mark.parametrize("seed", range(20))
def test_the_counts_add_up_after_every_event_whatever_was_asked(seed: int) -> None:
    events = history(seed, STEPS)
    assert events
    for size in range(len(events) + 1):
        counted = counts(events[:size])
        cases = counted.pop("cases")
        assert sum(counted.values()) == cases
        # Between the two events of one opinion raised in a room it is on the agenda already.
        assert +counted == by_state(events[:size])


@pytest.mark.parametrize("seed", range(20))
def test_an_opinion_is_received_once_and_answered_at_most_once(seed: int) -> None:
    events = history(seed, STEPS)
    received = [each.opinion_id for each in events if isinstance(each, OpinionReceived)]
    answered = [each.opinion_id for each in events if isinstance(each, OpinionAnswered)]
    assert len(received) == len(set(received))
    assert len(answered) == len(set(answered))
    assert set(answered) <= set(received)


def test_the_histories_drawn_reach_every_event() -> None:
    kinds = {type(event) for seed in range(20) for event in history(seed, STEPS)}
    assert len(kinds) == 9
    assert {OpinionAccepted, OpinionUnscheduled} <= kinds
