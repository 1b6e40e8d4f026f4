from dataclasses import replace

import pytest

from shared.eventlog import NOTHING, Outcome, execute
from shared.kernel.errors import Conflict, Refused
from tests.stores.logs import COUNTER, Opened, append, draft, task


def run(opened: Opened, *tasks: object) -> list[Outcome]:
    """Execute in a transaction of its own."""
    with opened.store.write() as tx:
        return execute(opened.log, tx, COUNTER, tasks)  # type: ignore[arg-type]


def voices(opened: Opened) -> list[int]:
    """Return what the counter stood at after each event."""
    return [event.voices for each in opened.heard for event in (each.event,)]  # type: ignore[union-attr]


def test_a_command_is_decided_on_what_its_stream_has_become(opened: Opened) -> None:
    run(opened, task("first", 2))
    (outcome,) = run(opened, task("second", 3))
    assert voices(opened) == [1, 2, 3, 4, 5]
    assert outcome.version == 4
    assert [place.position for place in outcome.appended] == [2, 3, 4]
    assert not outcome.repeated


def test_tasks_of_one_execution_see_what_those_before_them_did(opened: Opened) -> None:
    first, second = run(opened, task("first", 2), task("second", 1))
    assert voices(opened) == [1, 2, 3]
    assert (first.version, second.version) == (1, 2)


def test_one_execution_writes_into_several_streams(opened: Opened) -> None:
    outcomes = run(
        opened,
        task("a", 1, stream="x"),
        task("b", 2, stream="y"),
        task("c", 1, stream="x"),
    )
    assert [
        (outcome.stream, outcome.version, [place.position for place in outcome.appended])
        for outcome in outcomes
    ] == [("x", 0, [0]), ("y", 1, [1, 2]), ("x", 1, [3])]
    assert [entry.recorded().stream for entry in opened.log.read(NOTHING)] == ["x", "y", "y", "x"]


def test_what_is_promised_is_what_is_recorded(opened: Opened) -> None:
    run(opened, task("before", 1, stream="z"))
    outcomes = run(opened, task("a", 2, stream="x"), task("b", 2, stream="y"))
    entries = {entry.position: entry.recorded() for entry in opened.log.read(NOTHING)}
    for outcome in outcomes:
        for place in outcome.appended:
            recorded = entries[place.position]
            assert (recorded.event_id, recorded.version, recorded.stream) == (
                place.event_id,
                place.version,
                outcome.stream,
            )


def test_a_repeated_command_answers_as_the_first_time_and_records_nothing(
    opened: Opened,
) -> None:
    (first,) = run(opened, task("once", 2))
    run(opened, task("another", 1))
    opened.dial.turn(days=1)
    (again,) = run(opened, task("once", 2))
    assert again.repeated
    assert again.version == first.version
    assert again.appended == tuple(place.again() for place in first.appended)
    assert opened.log.size() == 3


def test_a_command_twice_in_one_execution_is_executed_once(opened: Opened) -> None:
    first, again = run(opened, task("once", 2), task("once", 2))
    assert not first.repeated
    assert again.repeated
    assert opened.log.size() == 2


def test_a_repeat_asks_for_no_version_and_is_not_decided_again(opened: Opened) -> None:
    run(opened, task("full", 9, expected_version=NOTHING))
    (again,) = run(opened, task("full", 9, expected_version=NOTHING))
    assert again.repeated


def test_a_command_under_the_id_of_one_for_another_stream_is_a_conflict(opened: Opened) -> None:
    run(opened, task("once", stream="x"))
    with pytest.raises(Conflict, match="eventlog.id_reused") as caught:
        run(opened, task("before", stream="y"), task("once", stream="y"))
    assert caught.value.__context__ is None
    assert opened.log.size() == 1


def test_a_command_that_does_nothing_has_no_place_and_the_stream_no_event(
    opened: Opened,
) -> None:
    (outcome,) = run(opened, task("idle", 0))
    assert outcome == Outcome(stream="counted", version=NOTHING, appended=())
    assert opened.log.size() == 0


def test_a_refusal_records_nothing_of_the_whole_execution(opened: Opened) -> None:
    with pytest.raises(Refused, match="test.too_many"):
        run(opened, task("a", 1, stream="x"), task("b", 10, stream="y"))
    assert opened.log.size() == 0


def test_a_version_that_was_not_seen_is_a_conflict(opened: Opened) -> None:
    run(opened, task("first", 2))
    with pytest.raises(Conflict, match="eventlog.stream_moved") as caught:
        run(opened, task("late", 1, expected_version=0))
    assert caught.value.facts == {"stream": "counted", "version": 1}
    (outcome,) = run(opened, task("right", 1, expected_version=1))
    assert outcome.version == 2


def test_no_task_is_no_transaction_on_the_log(opened: Opened) -> None:
    assert run(opened) == []


def test_the_event_carries_who_when_and_why(opened: Opened) -> None:
    run(opened, replace(task("a"), causation_id="cause", correlation_id="whole"))
    (each,) = (entry.recorded() for entry in opened.log.read(NOTHING))
    assert (each.actor, each.occurred_at) == ("test/commander", "2021-03-01T05:00:00.000000Z")
    assert (each.causation_id, each.correlation_id) == ("cause", "whole")


def test_execute_and_append_share_one_log(opened: Opened) -> None:
    append(opened, draft("a", stream="counted", voices=4))
    run(opened, task("more", 1))
    assert append(opened, draft("b", stream="counted", expected_version=1)) == [2]
    assert voices(opened) == [4, 5, 1]
