"""What a session allows, transition by transition; conclusions are in test_conclusion."""

from dataclasses import replace
from datetime import date

import pytest

from services.sessions.commands import (
    AnswerOnSpot,
    Appointment,
    Command,
    EndSession,
    RecordAttendance,
    ScheduleSession,
)
from services.sessions.decider import SESSION
from services.sessions.states import Concluded, NotPlanned, state_name
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AttendanceRecorded,
    SessionEvent,
    SessionPlanned,
)
from shared.contracts.vocabulary import (
    AttendanceBasis,
    Level,
    OpinionKind,
    Outcome,
    SessionKind,
    UnscheduleReason,
)
from shared.kernel.errors import NotFound
from tests.services.sessions.story import (
    ATTENDED,
    DRAIN,
    DRAIN_PLACED,
    ENDED,
    HELD_ON,
    LIGHTS,
    LIGHTS_ANSWERED,
    MARKET,
    MARKET_RAISED,
    OPENED,
    PLANNED,
    SCHEDULED,
    SPEC,
    TO_AGENDA,
    TO_ANSWERED,
    TO_CONCLUDED,
    TO_HELD,
    TO_OPENED,
    TO_PLANNED,
    TO_SCHEDULED,
    TRIGGERS,
    WHAT,
    WHEN,
    issuing,
    opening,
    placing,
    planning,
    raising,
    text,
)


def attending(attendances: int = 85, group: str = "nhan_dan") -> RecordAttendance:
    return RecordAttendance(group=group, attendances=attendances, basis=AttendanceBasis.COUNTED)


def answering(opinion_id: str, outcome: Outcome = Outcome.EXPLAINED) -> AnswerOnSpot:
    return AnswerOnSpot(opinion_id=opinion_id, outcome=outcome)


# ---- Planning


def test_a_periodic_session_is_planned() -> None:
    assert SPEC.given().when(planning()) == [PLANNED]


def test_an_ad_hoc_session_is_planned_for_a_reason_of_the_regulation() -> None:
    command = planning(session_kind=SessionKind.AD_HOC, trigger="many_people")
    what = {**WHAT, "session_kind": SessionKind.AD_HOC}
    assert SPEC.given().when(command) == [
        SessionPlanned(**what, planned_year=2019, trigger="many_people")
    ]


def test_a_thematic_session_is_planned_on_one_field() -> None:
    command = planning(session_kind=SessionKind.THEMATIC, field="education")
    (planned,) = SPEC.given().when(command)
    assert planned.field == "education"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"session_kind": SessionKind.AD_HOC}, "session.trigger_missing"),
        (
            {"session_kind": SessionKind.AD_HOC, "trigger": "because"},
            "session.trigger_unknown",
        ),
        ({"trigger": "many_people"}, "session.trigger_not_wanted"),
        ({"session_kind": SessionKind.THEMATIC}, "session.field_missing"),
        ({"field": "education"}, "session.field_not_wanted"),
    ],
)
def test_a_plan_that_contradicts_its_kind_is_refused(changes: dict[str, object], code: str) -> None:
    assert SPEC.given().refused(planning(**changes)).code == code


def test_the_refusal_of_a_reason_names_those_of_the_regulation() -> None:
    command = planning(session_kind=SessionKind.AD_HOC, trigger="because")
    assert SPEC.given().refused(command).facts == {"triggers": TRIGGERS}


@pytest.mark.parametrize("past", [TO_PLANNED, TO_OPENED, TO_CONCLUDED])
def test_the_same_plan_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(planning()) == []


def test_another_plan_under_the_same_id_is_refused() -> None:
    error = SPEC.given(*TO_PLANNED).refused(planning(planned_year=2020))
    assert error.code == "session.planned_differently"


@pytest.mark.parametrize(
    "command",
    [
        ScheduleSession(appointment=Appointment(held_on=HELD_ON)),
        opening(),
        attending(),
        raising(),
        answering(DRAIN),
        EndSession(speaking_turns=None),
        issuing(),
    ],
)
def test_nothing_can_be_asked_of_a_session_that_nobody_planned(command: Command) -> None:
    assert SPEC.given().refused(command, NotFound).code == "session.not_planned"


# ---- Scheduling


def test_the_day_is_fixed() -> None:
    assert SPEC.given(*TO_PLANNED).when(
        ScheduleSession(appointment=Appointment(held_on=HELD_ON))
    ) == [SCHEDULED]


@pytest.mark.parametrize("day", [date(2018, 12, 31), date(2020, 1, 1)])
def test_a_day_outside_the_planned_year_is_refused(day: date) -> None:
    error = SPEC.given(*TO_PLANNED).refused(ScheduleSession(appointment=Appointment(held_on=day)))
    assert error.code == "session.held_outside_year"


def test_the_same_day_again_is_nothing_new() -> None:
    assert (
        SPEC.given(*TO_OPENED).when(ScheduleSession(appointment=Appointment(held_on=HELD_ON))) == []
    )


def test_a_fixed_day_is_not_moved_by_fixing_another() -> None:
    error = SPEC.given(*TO_SCHEDULED).refused(
        ScheduleSession(appointment=Appointment(held_on=date(2019, 5, 21)))
    )
    assert error.code == "session.already_scheduled"


# ---- Agenda


def test_a_scheduled_session_takes_an_opinion_on_its_agenda() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(placing()) == [DRAIN_PLACED]


@pytest.mark.parametrize("past", [TO_AGENDA, TO_OPENED, TO_CONCLUDED])
def test_an_opinion_stands_on_an_agenda_once(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(placing(DRAIN)) == []


@pytest.mark.parametrize("past", [TO_OPENED, TO_HELD, TO_CONCLUDED])
def test_an_opinion_that_comes_after_the_opening_is_sent_back(
    past: tuple[SessionEvent, ...],
) -> None:
    assert SPEC.given(*past).when(placing("late")) == [
        AgendaItemRejected(**WHEN, opinion_id="late", reason=UnscheduleReason.SESSION_NOT_OPEN)
    ]


def test_a_session_without_a_day_sends_an_opinion_back() -> None:
    assert SPEC.given(*TO_PLANNED).when(placing()) == [
        AgendaItemRejected(**WHAT, opinion_id=DRAIN, reason=UnscheduleReason.SESSION_NOT_OPEN)
    ]


def test_an_opinion_for_an_unknown_session_is_sent_back_as_intake_knows_it() -> None:
    (rejected,) = SPEC.given().when(placing())
    assert isinstance(rejected, AgendaItemRejected)
    assert (rejected.unit, rejected.level) == ("ba-dinh", Level.DISTRICT)
    assert SESSION.state_after([rejected]) == NotPlanned()


def test_an_opinion_sent_back_for_want_of_a_day_is_taken_once_there_is_one() -> None:
    sent_back = SPEC.given(*TO_PLANNED).when(placing())
    (placed,) = SPEC.given(*TO_PLANNED, *sent_back, SCHEDULED).when(placing())
    assert isinstance(placed, AgendaItemPlaced)


# ---- Opening


@pytest.mark.parametrize("today", [HELD_ON, date(2019, 6, 19)])
def test_a_session_opens_on_its_day_or_within_the_days_allowed_after(today: date) -> None:
    assert SPEC.given(*TO_AGENDA).when(opening(today)) == [OPENED]


def test_a_session_does_not_open_before_its_day() -> None:
    error = SPEC.given(*TO_AGENDA).refused(opening(date(2019, 5, 19)))
    assert error.code == "session.opened_too_early"


def test_a_session_does_not_open_later_than_the_regulation_allows() -> None:
    error = SPEC.given(*TO_AGENDA).refused(opening(date(2019, 6, 20)))
    assert error.code == "session.opened_too_late"
    assert error.facts["latest_on"] == date(2019, 6, 19)


def test_how_late_a_session_may_open_is_the_regulations_to_say() -> None:
    late = opening(date(2019, 6, 20), backdating_max_days=31)
    assert SPEC.given(*TO_AGENDA).when(late) == [OPENED]


def test_a_session_without_a_day_does_not_open() -> None:
    assert SPEC.given(*TO_PLANNED).refused(opening()).code == "session.not_scheduled"


@pytest.mark.parametrize("past", [TO_OPENED, TO_HELD, TO_CONCLUDED])
def test_the_same_opening_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(opening(date(2021, 1, 1))) == []


def test_another_chair_does_not_open_it_again() -> None:
    error = SPEC.given(*TO_OPENED).refused(opening(head_present=False))
    assert error.code == "session.opened_differently"


# ---- Attendances


def test_attendances_are_recorded_by_group() -> None:
    assert SPEC.given(*TO_OPENED).when(attending()) == [ATTENDED]


def test_nobody_of_a_group_is_a_count_too() -> None:
    (recorded,) = SPEC.given(*TO_OPENED).when(attending(0, "doan_the"))
    assert isinstance(recorded, AttendanceRecorded)
    assert recorded.attendances == 0


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_HELD])
def test_a_group_stated_again_is_a_correction_that_names_the_number_before(
    past: tuple[SessionEvent, ...],
) -> None:
    assert SPEC.given(*past).when(attending(80)) == [
        replace(ATTENDED, attendances=80, attendances_before=85)
    ]


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_CONCLUDED])
def test_the_same_number_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(attending()) == []


def test_a_number_that_was_declared_and_then_counted_says_so() -> None:
    declared = replace(ATTENDED, basis=AttendanceBasis.DECLARED)
    assert SPEC.given(*TO_OPENED, declared).when(attending()) == [
        replace(ATTENDED, attendances_before=85)
    ]


def test_attendances_are_never_negative() -> None:
    error = SPEC.given(*TO_OPENED).refused(attending(-1))
    assert error.code == "session.attendances_negative"


@pytest.mark.parametrize("past", [TO_PLANNED, TO_AGENDA])
def test_nobody_attends_before_the_opening(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).refused(attending()).code == "session.not_opened"


def test_attendances_stand_once_the_conclusion_is_out() -> None:
    error = SPEC.given(*TO_CONCLUDED).refused(attending(80))
    assert error.code == "session.already_concluded"


# ---- In the room


def test_an_opinion_is_raised_in_the_room() -> None:
    assert SPEC.given(*TO_OPENED).when(raising()) == [MARKET_RAISED]


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_CONCLUDED])
def test_the_same_opinion_raised_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(raising()) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"voices": 5}, "session.opinion_raised_differently"),
        ({"text": text(4)}, "session.opinion_raised_differently"),
        ({"opinion_id": DRAIN}, "session.opinion_on_agenda"),
        ({"opinion_id": "new", "voices": 0}, "session.voices_missing"),
        (
            {"opinion_id": "new", "opinion_kind": OpinionKind.COMPLAINT},
            "session.not_for_dialogue",
        ),
        (
            {"opinion_id": "new", "opinion_kind": OpinionKind.DENUNCIATION},
            "session.not_for_dialogue",
        ),
    ],
)
def test_an_opinion_that_the_room_cannot_take_is_refused(
    changes: dict[str, object], code: str
) -> None:
    error = SPEC.given(*TO_ANSWERED).refused(raising(**changes))
    assert error.code == code
    assert error.facts == {"opinion": changes.get("opinion_id", MARKET)}


@pytest.mark.parametrize("opinion_id", [DRAIN, MARKET])
def test_an_opinion_of_the_session_is_answered_on_the_spot(opinion_id: str) -> None:
    (answered,) = SPEC.given(*TO_ANSWERED).when(answering(opinion_id, Outcome.RESOLVED))
    assert answered == replace(LIGHTS_ANSWERED, opinion_id=opinion_id, outcome=Outcome.RESOLVED)


@pytest.mark.parametrize("past", [TO_ANSWERED, TO_CONCLUDED])
def test_the_same_answer_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(answering(LIGHTS)) == []


def test_an_opinion_is_answered_on_the_spot_once() -> None:
    error = SPEC.given(*TO_ANSWERED).refused(answering(LIGHTS, Outcome.RESOLVED))
    assert error.code == "session.opinion_answered_already"


def test_only_an_opinion_of_the_session_is_answered_in_it() -> None:
    error = SPEC.given(*TO_OPENED).refused(answering(MARKET))
    assert error.code == "session.opinion_not_here"


@pytest.mark.parametrize("command", [raising(opinion_id="new"), answering(DRAIN)])
@pytest.mark.parametrize(
    ("past", "code"),
    [
        (TO_PLANNED, "session.not_opened"),
        (TO_AGENDA, "session.not_opened"),
        (TO_HELD, "session.already_ended"),
        (TO_CONCLUDED, "session.already_ended"),
    ],
)
def test_the_room_is_heard_only_while_the_session_is_under_way(
    command: Command, past: tuple[SessionEvent, ...], code: str
) -> None:
    assert SPEC.given(*past).refused(command).code == code


# ---- The end


def test_a_session_with_attendances_ends() -> None:
    assert SPEC.given(*TO_ANSWERED).when(EndSession(speaking_turns=11)) == [ENDED]


def test_speaking_turns_that_nobody_counted_stay_unstated() -> None:
    (ended,) = SPEC.given(*TO_ANSWERED).when(EndSession(speaking_turns=None))
    assert ended == replace(ENDED, speaking_turns=None)


def test_a_session_without_attendances_does_not_end() -> None:
    error = SPEC.given(*TO_OPENED).refused(EndSession(speaking_turns=11))
    assert error.code == "session.attendance_missing"


def test_speaking_turns_are_never_negative() -> None:
    error = SPEC.given(*TO_ANSWERED).refused(EndSession(speaking_turns=-1))
    assert error.code == "session.speaking_turns_negative"


@pytest.mark.parametrize("past", [TO_HELD, TO_CONCLUDED])
def test_the_same_end_again_is_nothing_new(past: tuple[SessionEvent, ...]) -> None:
    assert SPEC.given(*past).when(EndSession(speaking_turns=11)) == []


def test_another_end_is_refused() -> None:
    error = SPEC.given(*TO_HELD).refused(EndSession(speaking_turns=12))
    assert error.code == "session.already_ended"


def test_a_session_that_was_not_opened_does_not_end() -> None:
    error = SPEC.given(*TO_AGENDA).refused(EndSession(speaking_turns=None))
    assert error.code == "session.not_opened"


# ---- The state


def test_the_story_goes_through_every_state() -> None:
    names = [state_name(SESSION.state_after(TO_CONCLUDED[:end])) for end in range(11)]
    assert list(dict.fromkeys(names)) == [
        "not_planned",
        "planned",
        "scheduled",
        "in_progress",
        "held",
        "concluded",
    ]


def test_a_concluded_session_remembers_everything_that_a_repeat_is_compared_with() -> None:
    state = SESSION.state_after(TO_CONCLUDED)
    assert isinstance(state, Concluded)
    assert state.opinions == {DRAIN, LIGHTS, MARKET}
    assert (state.opened, state.ended) == (OPENED, ENDED)
    assert set(state.answered) == {LIGHTS}


@pytest.mark.parametrize("event", TO_CONCLUDED[1:])
def test_an_event_without_its_past_changes_nothing(event: SessionEvent) -> None:
    assert SESSION.state_after([event]) == NotPlanned()
