"""What follows from the day alone: silence, reminders, escalation, successions, the calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest

from services.assignment import daily
from services.assignment.daily import look_daily
from shared.calendar import DayKind, WorkCalendar
from shared.contracts.assignment import AutoAccepted, DeadlineMissed
from shared.contracts.assignment_course import (
    AssignmentTriaged,
    DeadlineRecomputed,
    EscalationRaised,
    LeadTransferred,
    ReminderSent,
)
from shared.contracts.vocabulary import TransferReason, TriageReason
from shared.kernel.periods import Register
from shared.provinces import Agency, BodyChange, BodySuccession, Province
from shared.runtime import Runtime
from tests.services.assignment.matters import hear, referral
from tests.services.opened import Opened, since_opened

E = TypeVar("E")


def recorded(service: Opened, kind: type[E]) -> list[E]:
    events = [entry.recorded().event for entry in since_opened(service.runtime)]
    return [event for event in events if isinstance(event, kind)]


def at_noon(service: Opened, month: int, day: int) -> int:
    service.set_clock(datetime(2019, month, day, 5, tzinfo=UTC))
    return look_daily(service.runtime)[0]


def test_silence_for_three_working_days_is_acceptance(service: Opened) -> None:
    hear(service.runtime, [referral()])
    assert at_noon(service, 5, 23) == 0
    at_noon(service, 5, 28)
    (event,) = recorded(service, AutoAccepted)
    # Referred on Monday 20/05: the last day to refuse is Thursday 23/05.
    assert (event.auto_accepted_on, event.silent_working_days) == (date(2019, 5, 24), 3)


def test_the_ladder_is_climbed_a_step_at_a_time_and_each_step_once(service: Opened) -> None:
    hear(service.runtime, [referral()])
    for month, day in ((5, 31), (6, 3), (6, 4), (6, 6), (6, 10), (6, 11), (6, 17), (6, 24), (7, 8)):
        at_noon(service, month, day)
        assert at_noon(service, month, day) == 0
    assert [(each.sent_on, each.step_working_days) for each in recorded(service, ReminderSent)] == [
        (date(2019, 6, 3), -5),
        (date(2019, 6, 6), -2),
    ]
    raised = recorded(service, EscalationRaised)
    assert [(each.reached_on, each.step_working_days) for each in raised] == [
        (date(2019, 6, 11), 1),
        (date(2019, 6, 17), 5),
        (date(2019, 6, 24), 10),
        (date(2019, 7, 8), 20),
    ]
    assert raised[-1].to == ("next_level", "public_overdue_list")
    assert len(recorded(service, DeadlineMissed)) == 1


def test_steps_that_were_passed_unnoticed_are_recorded_on_their_own_days(service: Opened) -> None:
    hear(service.runtime, [referral()])
    at_noon(service, 7, 1)
    assert recorded(service, ReminderSent) == []
    days = [each.reached_on for each in recorded(service, EscalationRaised)]
    assert days == [date(2019, 6, 11), date(2019, 6, 17), date(2019, 6, 24)]


def using(service: Opened, monkeypatch: pytest.MonkeyPatch, **changed: object) -> None:
    """Let the service use Hà Nội's file with something changed."""
    now = replace(service.runtime.province("ha-noi"), **changed)  # type: ignore[arg-type]
    former = Runtime.province

    def province(runtime: Runtime, slug: str) -> Province:
        return now if slug == "ha-noi" else former(runtime, slug)

    monkeypatch.setattr(Runtime, "province", province)


def test_a_day_off_announced_since_moves_what_is_still_in_time(
    service: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(service.runtime, [referral("o-1")])
    using(service, monkeypatch, calendar=WorkCalendar({date(2019, 6, 7): DayKind.HOLIDAY}))
    at_noon(service, 5, 22)
    (event,) = recorded(service, DeadlineRecomputed)
    assert (event.due_on_before, event.due_on) == (date(2019, 6, 10), date(2019, 6, 11))
    assert at_noon(service, 5, 22) == 0


def test_a_day_off_announced_too_late_moves_nothing(
    service: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(service.runtime, [referral("o-1")])
    at_noon(service, 6, 11)
    using(service, monkeypatch, calendar=WorkCalendar({date(2019, 6, 7): DayKind.HOLIDAY}))
    at_noon(service, 6, 12)
    assert recorded(service, DeadlineRecomputed) == []


def ended(province: Province, successors: Sequence[str]) -> Register[Agency]:
    """Return the agencies, of which the district's committee ended on 31/05/2019."""
    change = BodyChange.SPLIT if len(successors) > 1 else BodyChange.MERGED
    succession = BodySuccession(successors=tuple(successors), change=change, citation="QĐ")
    after = succession if successors else None
    return Register(
        replace(agency, valid_to=date(2019, 5, 31), succession=after)
        if agency.key == "ubnd-ba-dinh"
        else agency
        for agency in province.agencies
    )


@pytest.mark.parametrize(
    ("successors", "reason"),
    [
        (("ubnd-ha-noi",), None),
        (("tnmt-ba-dinh", "ubnd-ha-noi"), TriageReason.AGENCY_SPLIT),
        ((), TriageReason.NO_SUCCESSOR),
    ],
)
def test_the_matter_of_a_dissolved_agency_goes_to_its_successor_or_to_a_person(
    service: Opened,
    monkeypatch: pytest.MonkeyPatch,
    successors: Sequence[str],
    reason: TriageReason | None,
) -> None:
    hear(service.runtime, [referral("o-1")])
    agencies = ended(service.runtime.province("ha-noi"), successors)
    using(service, monkeypatch, agencies=agencies)
    at_noon(service, 5, 31)
    assert not recorded(service, LeadTransferred)
    assert not recorded(service, AssignmentTriaged)
    at_noon(service, 6, 3)
    assert at_noon(service, 6, 3) == 0
    moved, waiting = recorded(service, LeadTransferred), recorded(service, AssignmentTriaged)
    if reason is None:
        assert [(each.agency, each.reason) for each in moved] == [
            ("ubnd-ha-noi", TransferReason.SUCCESSION)
        ]
        assert (moved[0].due_on, moved[0].held_working_days) == (date(2019, 6, 10), 10)
        assert waiting == []
    else:
        assert moved == []
        assert [(each.reason, each.candidates) for each in waiting] == [(reason, successors)]


def test_a_look_goes_page_by_page(service: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "PAGE_MAX_ASSIGNMENTS", 2)
    hear(service.runtime, [referral(f"o-{number}") for number in range(5)])
    at_noon(service, 5, 28)
    assert len(recorded(service, AutoAccepted)) == 5
