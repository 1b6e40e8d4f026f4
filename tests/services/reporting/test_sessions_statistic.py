"""The cohort rules of the statistic `sessions`, one by one."""

from datetime import date

from services.reporting.counting import count
from services.reporting.statistics import statistic_called
from shared.contracts.vocabulary import Level, SessionKind
from tests.services.reporting.history import (
    HELD_ON,
    RECEIVED_ON,
    History,
    answered,
    at_session,
    attended,
    declined,
    ended,
    of_types,
    opinion,
    overdue,
    received,
    scheduled,
    session,
    sums,
    unscheduled,
)


def test_a_session_counts_on_its_day_once_it_has_ended() -> None:
    assert sums(ended(session())) == {(HELD_ON, "periodic", "sessions"): 1}


def test_a_corrected_attendance_replaces_the_number_before() -> None:
    events = (attended(session(), 120), attended(session(), 115, before=120))
    assert sums(*events) == {(HELD_ON, "periodic", "attendances"): 115}


def test_attendances_count_before_the_session_ends_and_the_session_does_not() -> None:
    assert sums(attended(session(), 40)) == {(HELD_ON, "periodic", "attendances"): 40}


def test_an_opinion_without_a_session_counts_on_the_day_it_was_received_without_a_kind() -> None:
    assert sums(received(opinion(voices=3))) == {
        (RECEIVED_ON, None, "opinions"): 1,
        (RECEIVED_ON, None, "voices"): 3,
    }


def test_an_opinion_raised_in_a_session_counts_on_the_sessions_day_in_its_kind() -> None:
    raised = received(at_session(opinion(received_on=HELD_ON)))
    assert sums(raised) == {
        (HELD_ON, "periodic", "opinions"): 1,
        (HELD_ON, "periodic", "voices"): 1,
    }


def test_scheduling_moves_an_opinion_with_its_voices_to_the_sessions_day() -> None:
    mine = opinion(voices=2)
    assert sums(received(mine), scheduled(at_session(mine))) == {
        (HELD_ON, "periodic", "opinions"): 1,
        (HELD_ON, "periodic", "voices"): 2,
    }


def test_unscheduling_moves_it_back_so_that_nothing_is_left_behind() -> None:
    mine = opinion()
    events = (received(mine), scheduled(at_session(mine)), unscheduled(at_session(mine)))
    assert sums(*events) == sums(received(mine))


def test_scheduling_for_another_session_moves_it_again() -> None:
    mine = opinion()
    later = at_session(mine, session_kind=SessionKind.AD_HOC, held_on=date(2019, 6, 1))
    events = (
        received(mine),
        scheduled(at_session(mine)),
        unscheduled(at_session(mine)),
        scheduled(later),
    )
    assert sums(*events) == {
        (date(2019, 6, 1), "ad_hoc", "opinions"): 1,
        (date(2019, 6, 1), "ad_hoc", "voices"): 1,
    }


def test_an_answer_counts_on_the_sessions_day_whenever_it_comes() -> None:
    late_in_time = answered(at_session(opinion()), answered_on=date(2023, 1, 1))
    assert sums(late_in_time)[HELD_ON, "periodic", "answered"] == 1


def test_an_answer_without_a_session_counts_on_the_day_the_opinion_was_received() -> None:
    assert sums(answered(opinion()))[RECEIVED_ON, None, "answered"] == 1


def test_every_answer_is_on_the_spot_or_on_time_or_late() -> None:
    mine = at_session(opinion())
    found = sums(
        answered(mine, on_the_spot=True, agency=None, due_on=None),
        answered(mine),
        answered(mine),
        answered(mine, days_late=2),
    )
    manners = {name: found[HELD_ON, "periodic", name] for _, _, name in found}
    assert manners == {"answered": 4, "answered_on_spot": 1, "on_time": 2, "late": 1}


def test_a_declined_opinion_stays_an_opinion_and_counts_as_declined() -> None:
    assert sums(received(opinion()), declined(opinion())) == {
        (RECEIVED_ON, None, "opinions"): 1,
        (RECEIVED_ON, None, "voices"): 1,
        (RECEIVED_ON, None, "declined"): 1,
    }


def test_an_overdue_opinion_counts_beside_the_opinion_without_a_session_too() -> None:
    assert sums(overdue(opinion())) == {(RECEIVED_ON, None, "overdue"): 1}


def test_an_overdue_opinion_counts_on_the_sessions_day_in_its_kind() -> None:
    heard = at_session(opinion(), session_kind=SessionKind.AD_HOC)
    assert sums(overdue(heard)) == {(HELD_ON, "ad_hoc", "overdue"): 1}


def test_an_answer_ends_being_overdue_and_is_late() -> None:
    mine = opinion()
    events = (overdue(mine), answered(mine, days_late=3, was_overdue=True))
    assert sums(*events) == {(RECEIVED_ON, None, "answered"): 1, (RECEIVED_ON, None, "late"): 1}


def test_an_answer_of_a_release_that_did_not_say_takes_nothing_from_overdue() -> None:
    assert (RECEIVED_ON, None, "overdue") not in sums(answered(opinion(), was_overdue=None))


def test_an_opinion_is_answered_once_however_often_it_is_answered_again() -> None:
    mine = at_session(opinion())
    again = {"round": 2, "reopened": True}
    late = answered(mine, days_late=3, was_overdue=True, **again)
    events = (received(mine), answered(mine), overdue(mine, **again), late)
    assert sums(*events) == sums(received(mine), answered(mine))
    by_field = sums(*events, statistic="fields")
    assert by_field[RECEIVED_ON, "environment", "answered"] == 1


def test_an_opinion_counts_where_its_session_counts_whoever_s_it_is() -> None:
    """A ward's opinion heard at the district's session is one of the district's."""
    mine = opinion(unit="thanh-cong", level=Level.COMMUNE)
    heard = at_session(mine, session_unit="ba-dinh", session_level=Level.DISTRICT)
    late = overdue(heard)
    events = (
        received(mine),
        scheduled(heard),
        late,
        answered(heard, was_overdue=True),
        unscheduled(at_session(mine, session_unit="ba-dinh", session_level=Level.DISTRICT)),
        scheduled(heard),
    )
    statistic = statistic_called("sessions")
    cells = count(statistic, of_types(statistic, History().record(*events).entries))
    found = {(cell.cell[:2], cell.measure): amount for cell, amount in cells.items() if amount}
    district = ("ba-dinh", "district")
    assert found == {
        (district, "opinions"): 1,
        (district, "voices"): 1,
        (district, "answered"): 1,
        (district, "on_time"): 1,
    }
