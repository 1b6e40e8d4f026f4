"""A point names a state of all logs: by a civil day, or by positions."""

from datetime import date, timedelta

import pytest

from deploy.audit.point import day_of, sizes_to
from shared.kernel.errors import AppError, BadInput, NotFound
from tests.deploy.audit.story import MONDAY, Story, told

INTAKE, SESSIONS, ASSIGNMENT = (
    f"test.local/ha-noi/{name}" for name in ("intake", "sessions", "assignment")
)


@pytest.fixture
def story() -> Story:
    return told()


def times(story: Story, service: str) -> list[str]:
    return [each.time for each in story.recorded(service)]


def test_a_day_takes_what_was_recorded_to_its_end_in_viet_nam(story: Story) -> None:
    # Given an entry a second before midnight in Viet Nam, and one at midnight
    story.append(
        "intake",
        story.last("intake", type(story.recorded("intake")[0].event)).event,
        stream="x-1",
        time="2019-06-30T16:59:59.000000Z",
    )
    story.append(
        "intake",
        story.recorded("intake")[0].event,
        stream="x-2",
        time="2019-06-30T17:00:00.000000Z",
    )
    size = story.logs["intake"].size()
    assert sizes_to(story.archives, ["2019-06-30"])[INTAKE] == size - 1
    assert sizes_to(story.archives, ["01/07/2019"])[INTAKE] == size


@pytest.mark.parametrize("days", range(-1, 50))
def test_a_day_is_a_prefix_of_every_log(story: Story, days: int) -> None:
    day = MONDAY + timedelta(days=days)
    sizes = sizes_to(story.archives, [day.isoformat()])
    for service, log in story.logs.items():
        expected = sum(time[:10] <= day.isoformat() for time in times(story, service))
        assert sizes[log.origin] == expected


def test_a_position_is_inclusive_and_other_logs_are_cut_at_its_instant(story: Story) -> None:
    position = 3
    sizes = sizes_to(story.archives, [f"{SESSIONS}={position}"])
    instant = times(story, "sessions")[position]
    assert sizes == {
        SESSIONS: position + 1,
        INTAKE: sum(time <= instant for time in times(story, "intake")),
        ASSIGNMENT: sum(time <= instant for time in times(story, "assignment")),
    }


def test_positions_and_a_day_can_be_named_together(story: Story) -> None:
    sizes = sizes_to(story.archives, ["2000-01-01", f"{INTAKE}=0", f"{SESSIONS}=1"])
    assert sizes == {INTAKE: 1, SESSIONS: 2, ASSIGNMENT: 0}


@pytest.mark.parametrize(
    ("points", "kind", "code"),
    [
        ([], BadInput, "audit.bad_point"),
        (["yesterday"], BadInput, "audit.bad_point"),
        (["2019-02-30"], BadInput, "audit.bad_point"),
        (["-1"], BadInput, "audit.bad_point"),
        ([f"{INTAKE}=-1"], BadInput, "audit.bad_point"),
        (["2019-01-01", "2019-01-02"], BadInput, "audit.bad_point"),
        ([f"{INTAKE}=100"], NotFound, "audit.beyond_the_end"),
        (["test.local/ha-nam/intake=0"], NotFound, "journal.unknown_log"),
    ],
)
def test_a_point_that_is_none_is_refused(
    story: Story, points: list[str], kind: type[AppError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        sizes_to(story.archives, points)
    assert caught.value.code == code


def test_a_day_is_read_in_both_forms() -> None:
    assert day_of("2021-06-30") == day_of("30/06/2021") == date(2021, 6, 30)
    assert day_of("31/02/2021") is None
    assert day_of("30.06.2021") is None
