"""What may happen before a session, transition by transition, refusal by refusal."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.sessions.commands import (
    Appointment,
    CancelSession,
    Clash,
    Command,
    ConveneSession,
    DelegateChair,
    Found,
    PostponeSession,
    RemoveFromAgenda,
    RescheduleSession,
    ScheduleSession,
    SetAgenda,
)
from services.sessions.states import state_name
from shared.contracts.sessions import (
    AgendaItemPlaced,
    AgendaItemRejected,
    AgendaItemRemoved,
    AgendaSet,
    ChairDelegated,
    SessionCancelled,
    SessionConvened,
    SessionPostponed,
    SessionRescheduled,
    SessionScheduled,
    TopicDisposition,
)
from shared.contracts.vocabulary import (
    ChangeReason,
    DelegationReason,
    OmissionReason,
    OverrideReason,
    RemovalReason,
    UnscheduleReason,
)
from tests.services.sessions.story import (
    DRAIN,
    HELD_ON,
    LIGHTS,
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
    WHAT,
    WHEN,
    opening,
    placing,
)

LATER = date(2019, 6, 3)
NOTICE_ON = date(2019, 5, 10)
CONVENED = SessionConvened(**WHEN, convened_on=NOTICE_ON, notice_days=10)
CANCELLED = SessionCancelled(**WHEN, reason=ChangeReason.FORCE_MAJEURE)
TO_CONVENED = (*TO_AGENDA, CONVENED)
TO_CANCELLED = (*TO_SCHEDULED, CANCELLED)
HEAD, DEPUTY = "thanh-cong/chu-tich", "thanh-cong/pho-chu-tich"
TAKEN = Found(clash=Clash.VENUE, session_id="s-2", key="nha-van-hoa")
DAY_OFF = Found(clash=Clash.DAY_OFF)


def moving(*found: Found, held_on: date = LATER, **appointed: Any) -> RescheduleSession:
    return RescheduleSession(
        appointment=Appointment(held_on=held_on, **appointed),
        found=found,
        reason=ChangeReason.VENUE_UNAVAILABLE,
    )


def setting(*topics: TopicDisposition, hot: tuple[str, ...] = ()) -> SetAgenda:
    return SetAgenda(topics=topics, hot_topics=hot)


def convening(today: date = NOTICE_ON, hot: tuple[str, ...] = ()) -> ConveneSession:
    return ConveneSession(today=today, notice_days=7, hot_topics=hot)


POSTPONE = PostponeSession(reason=ChangeReason.FORCE_MAJEURE)
CANCEL = CancelSession(reason=ChangeReason.FORCE_MAJEURE)
DELEGATE = DelegateChair(chair=DEPUTY, reason=DelegationReason.OFFICIAL_DUTY)
ON_AGENDA = TopicDisposition(topic_id="t-1")
OMITTED = TopicDisposition(topic_id="t-2", omitted=OmissionReason.NOT_READY)


# ---- Days and clashes


def test_what_a_session_needs_is_said_with_its_day() -> None:
    wanted = Appointment(
        held_on=HELD_ON,
        starts_at="08:30",
        venue="nha-van-hoa",
        chair=HEAD,
        required_agencies=("tnmt-ba-dinh",),
    )
    assert SPEC.given(*TO_PLANNED).when(ScheduleSession(appointment=wanted)) == [
        SessionScheduled(
            **WHEN,
            starts_at="08:30",
            venue="nha-van-hoa",
            chair=HEAD,
            required_agencies=("tnmt-ba-dinh",),
        )
    ]


def test_a_clash_is_refused_with_what_is_taken_by_whom() -> None:
    command = ScheduleSession(appointment=Appointment(held_on=HELD_ON), found=(TAKEN, DAY_OFF))
    error = SPEC.given(*TO_PLANNED).refused(command)
    assert error.code == "session.clash"
    assert error.facts["found"] == [
        {"clash": Clash.VENUE, "session": "s-2", "key": "nha-van-hoa"},
        {"clash": Clash.DAY_OFF, "session": None, "key": None},
    ]


def test_a_day_off_alone_has_a_code_of_its_own() -> None:
    command = ScheduleSession(appointment=Appointment(held_on=HELD_ON), found=(DAY_OFF,))
    assert SPEC.given(*TO_PLANNED).refused(command).code == "session.day_off"


def test_a_reason_overrides_what_was_found_and_is_recorded() -> None:
    wanted = Appointment(held_on=HELD_ON, override=OverrideReason.URGENT)
    (scheduled,) = SPEC.given(*TO_PLANNED).when(ScheduleSession(appointment=wanted, found=(TAKEN,)))
    assert scheduled == SessionScheduled(**WHEN, override=OverrideReason.URGENT)


def test_a_reason_for_nothing_is_not_recorded() -> None:
    wanted = Appointment(held_on=HELD_ON, override=OverrideReason.URGENT)
    assert SPEC.given(*TO_PLANNED).when(ScheduleSession(appointment=wanted)) == [SCHEDULED]


@pytest.mark.parametrize("before", [TO_SCHEDULED, TO_AGENDA, TO_CONVENED])
def test_a_session_is_moved_until_it_opens_and_keeps_its_agenda(before: Any) -> None:
    given = SPEC.given(*before)
    (moved,) = given.when(moving(venue="nha-van-hoa"))
    assert moved == SessionRescheduled(
        **{**WHAT, "held_on": LATER},
        held_on_before=HELD_ON,
        reason=ChangeReason.VENUE_UNAVAILABLE,
        venue="nha-van-hoa",
    )
    after = SPEC.given(*before, moved)
    assert state_name(after.state) == "scheduled"
    assert getattr(after.state, "agenda", None) == getattr(given.state, "agenda", None)


def test_moving_a_session_to_where_it_is_changes_nothing() -> None:
    assert SPEC.given(*TO_SCHEDULED).when(moving(held_on=HELD_ON)) == []


def test_a_moved_session_clashes_like_a_new_one_and_stays_in_its_year() -> None:
    given = SPEC.given(*TO_SCHEDULED)
    assert given.refused(moving(TAKEN)).code == "session.clash"
    assert given.refused(moving(held_on=date(2020, 1, 2))).code == "session.held_outside_year"


# ---- Postponing and cancelling


@pytest.mark.parametrize("before", [TO_AGENDA, TO_CONVENED])
def test_a_postponed_session_is_planned_and_its_opinions_are_rejected(before: Any) -> None:
    events = SPEC.given(*before).when(POSTPONE)
    assert events == [
        SessionPostponed(**WHAT, held_on_before=HELD_ON, reason=ChangeReason.FORCE_MAJEURE),
        *(
            AgendaItemRejected(
                **WHEN, opinion_id=opinion, reason=UnscheduleReason.SESSION_POSTPONED
            )
            for opinion in (DRAIN, LIGHTS)
        ),
    ]
    assert state_name(SPEC.given(*before, *events).state) == "planned"


def test_a_cancelled_session_rejects_its_opinions_and_takes_no_other() -> None:
    cancelled, *rejected = SPEC.given(*TO_AGENDA).when(CANCEL)
    assert cancelled == CANCELLED
    assert {each.reason for each in rejected if isinstance(each, AgendaItemRejected)} == {
        UnscheduleReason.SESSION_CANCELLED
    }
    (late,) = SPEC.given(*TO_CANCELLED).when(placing())
    assert isinstance(late, AgendaItemRejected)
    assert late.reason is UnscheduleReason.SESSION_NOT_OPEN


def test_a_session_without_a_day_is_cancelled_too() -> None:
    assert SPEC.given(*TO_PLANNED).when(CANCEL) == [
        SessionCancelled(**WHAT, reason=ChangeReason.FORCE_MAJEURE)
    ]


def test_cancelling_again_for_the_same_reason_changes_nothing() -> None:
    given = SPEC.given(*TO_CANCELLED)
    assert given.when(CANCEL) == []
    other = CancelSession(reason=ChangeReason.HIGHER_DIRECTIVE)
    assert given.refused(other).code == "session.cancelled"


EACH = (moving(), POSTPONE, CANCEL, DELEGATE, setting(ON_AGENDA), convening())


@pytest.mark.parametrize("before", [TO_OPENED, TO_HELD, TO_CONCLUDED])
@pytest.mark.parametrize("command", EACH)
def test_nothing_of_a_session_that_has_begun_is_arranged(before: Any, command: Command) -> None:
    assert SPEC.given(*before).refused(command).code == "session.already_opened"


@pytest.mark.parametrize("command", [each for each in EACH if each != CANCEL])
def test_what_has_no_day_is_not_arranged(command: Command) -> None:
    assert SPEC.given(*TO_PLANNED).refused(command).code == "session.not_scheduled"


@pytest.mark.parametrize(
    "command",
    [
        *(each for each in EACH if each != CANCEL),
        ScheduleSession(appointment=Appointment(held_on=LATER)),
        opening(),
    ],
)
def test_a_cancelled_session_is_over(command: Command) -> None:
    assert SPEC.given(*TO_CANCELLED).refused(command).code == "session.cancelled"


# ---- Chair, agenda, notice


def test_the_chair_is_delegated_and_the_delegate_opens() -> None:
    scheduled = replace(SCHEDULED, chair=HEAD)
    (delegated,) = SPEC.given(PLANNED, scheduled).when(DELEGATE)
    assert delegated == ChairDelegated(
        **WHEN, chair=DEPUTY, reason=DelegationReason.OFFICIAL_DUTY, chair_before=HEAD
    )
    given = SPEC.given(PLANNED, scheduled, delegated)
    assert given.when(DELEGATE) == []
    assert given.refused(opening(chair=HEAD)).code == "session.chair_differs"
    claimed = opening(chair=DEPUTY, head_present=True)
    assert given.refused(claimed).code == "session.head_present_delegated"
    assert len(given.when(opening(chair=DEPUTY, head_present=False))) == 1


def test_the_chair_is_not_delegated_to_itself() -> None:
    given = SPEC.given(PLANNED, replace(SCHEDULED, chair=DEPUTY))
    assert given.refused(DELEGATE).code == "session.chair_already"


def test_every_hot_topic_has_its_disposition() -> None:
    given = SPEC.given(*TO_SCHEDULED)
    (agenda,) = given.when(setting(ON_AGENDA, OMITTED, hot=("t-1", "t-2")))
    assert agenda == AgendaSet(
        **WHEN, topics=(ON_AGENDA, OMITTED), topics_on_agenda=1, topics_omitted=1
    )
    error = given.refused(setting(ON_AGENDA, hot=("t-1", "t-2")))
    assert (error.code, error.facts["topics"]) == (
        "session.topics_without_disposition",
        ("t-2",),
    )
    assert given.refused(setting(ON_AGENDA, ON_AGENDA)).code == "session.topic_twice"


def test_the_same_agenda_again_changes_nothing_and_another_replaces_it() -> None:
    (agenda,) = SPEC.given(*TO_SCHEDULED).when(setting(ON_AGENDA))
    given = SPEC.given(*TO_SCHEDULED, agenda)
    assert given.when(setting(ON_AGENDA)) == []
    assert len(given.when(setting(OMITTED))) == 1


def test_notice_is_given_once_and_in_time() -> None:
    given = SPEC.given(*TO_AGENDA)
    assert given.when(convening()) == [CONVENED]
    assert given.when(convening(date(2019, 5, 13)))
    assert given.refused(convening(date(2019, 5, 14))).code == "session.notice_too_short"
    assert SPEC.given(*TO_CONVENED).when(convening()) == []


def test_a_topic_confirmed_after_the_agenda_was_set_holds_the_notice_up() -> None:
    (agenda,) = SPEC.given(*TO_SCHEDULED).when(setting(ON_AGENDA, hot=("t-1",)))
    given = SPEC.given(*TO_SCHEDULED, agenda)
    assert given.when(convening(hot=("t-1",)))
    error = given.refused(convening(hot=("t-1", "t-9")))
    assert error.code == "session.topics_without_disposition"


def test_a_convened_session_still_takes_opinions_and_opens() -> None:
    given = SPEC.given(*TO_SCHEDULED, CONVENED)
    (placed,) = given.when(placing())
    assert isinstance(placed, AgendaItemPlaced)
    assert given.when(opening(must_be_convened=True))


def test_without_notice_a_session_does_not_open_where_notice_is_asked_for() -> None:
    error = SPEC.given(*TO_SCHEDULED).refused(opening(must_be_convened=True))
    assert error.code == "session.not_convened"


def test_without_its_quorum_a_session_does_not_open() -> None:
    given = SPEC.given(*TO_SCHEDULED)
    for present in (None, 49):
        error = given.refused(opening(quorum=50, present=present))
        assert (error.code, error.facts["quorum"]) == ("session.quorum_missing", 50)
    assert given.when(opening(quorum=50, present=50))


# ---- Opinions that need no disposition any more


def removing(opinion_id: str = DRAIN) -> RemoveFromAgenda:
    return RemoveFromAgenda(opinion_id=opinion_id, reason=RemovalReason.MERGED)


@pytest.mark.parametrize("before", [TO_AGENDA, TO_CONVENED, TO_OPENED, TO_ANSWERED, TO_HELD])
def test_a_merged_opinion_leaves_the_agenda(before: Any) -> None:
    (removed,) = SPEC.given(*before).when(removing())
    assert removed == AgendaItemRemoved(**WHEN, opinion_id=DRAIN, reason=RemovalReason.MERGED)
    assert SPEC.given(*before, removed).when(removing()) == []


def test_what_has_its_disposition_or_was_never_here_stays() -> None:
    assert SPEC.given(*TO_ANSWERED).when(removing(LIGHTS)) == []
    assert SPEC.given(*TO_CONCLUDED).when(removing()) == []
    assert SPEC.given(*TO_SCHEDULED).when(removing()) == []
    assert SPEC.given().when(removing()) == []


def test_an_opinion_that_was_removed_may_come_again() -> None:
    (removed,) = SPEC.given(*TO_AGENDA).when(removing())
    (placed,) = SPEC.given(*TO_AGENDA, removed).when(placing())
    assert isinstance(placed, AgendaItemPlaced)
