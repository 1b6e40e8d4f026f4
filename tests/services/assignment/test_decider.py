from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date

import pytest

from services.assignment.commands import (
    AcceptAssignment,
    Command,
    IssueAssignment,
    NoticeDeadline,
    ReleaseAnswer,
    SubmitAnswer,
)
from services.assignment.decider import DECIDER
from shared.calendar import WorkCalendar
from shared.contracts.assignment import (
    AnswerReleased,
    AnswerSubmitted,
    AssignmentAccepted,
    AssignmentEvent,
    AssignmentIssued,
    DeadlineMissed,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.vocabulary import Outcome
from shared.kernel.errors import Forbidden
from tests.services.assignment.matters import DUE, ISSUED, MONDAY, TEXT, accepted, missed, submitted
from tests.specs import Spec

spec = Spec(DECIDER)

CALENDAR = WorkCalendar({})
ISSUE = IssueAssignment(terms=ISSUED)
ACCEPT = AcceptAssignment(agency="ubnd-ba-dinh", on=date(2019, 5, 22))
SUBMIT = SubmitAnswer(
    agency="ubnd-ba-dinh",
    on=date(2019, 6, 3),
    outcome=Outcome.RESOLVED,
    author="ubnd/clerk",
    text=TEXT,
)
RELEASE = ReleaseAnswer(
    agency="ubnd-ba-dinh", on=date(2019, 6, 5), approver="ubnd/head", calendar=CALENDAR
)
NOTICE = NoticeDeadline(today=date(2019, 6, 11))


def released(*past: AssignmentEvent, command: ReleaseAnswer = RELEASE) -> list[AssignmentEvent]:
    """Return what happened, and then the release."""
    return [*past, *spec.given(*past).when(command)]


SUBMITTED: Sequence[AssignmentEvent] = (ISSUED, accepted(), submitted())
RELEASED = released(*SUBMITTED)


def test_a_matter_becomes_one_agency_s_duty() -> None:
    assert spec.given().when(ISSUE) == [ISSUED]


def test_issuing_the_same_again_changes_nothing() -> None:
    assert spec.given(ISSUED).when(ISSUE) == []
    assert spec.given(*RELEASED).when(ISSUE) == []


def test_an_issued_assignment_is_not_issued_with_other_terms() -> None:
    other = IssueAssignment(terms=replace(ISSUED, due_on=date(2019, 7, 1)))
    assert spec.given(ISSUED).refused(other).code == "assignment.issued_differently"


def test_the_lead_agency_accepts() -> None:
    assert spec.given(ISSUED).when(ACCEPT) == [accepted()]


@pytest.mark.parametrize("past", [(ISSUED, accepted()), SUBMITTED, RELEASED])
def test_accepting_again_changes_nothing(past: Sequence[AssignmentEvent]) -> None:
    assert spec.given(*past).when(replace(ACCEPT, on=date(2019, 6, 20))) == []


def test_an_answer_is_submitted_by_the_agency_that_accepted() -> None:
    assert spec.given(ISSUED, accepted()).when(SUBMIT) == [submitted()]


def test_no_answer_comes_before_the_acceptance() -> None:
    assert spec.given(ISSUED).refused(SUBMIT).code == "assignment.not_accepted"


def test_the_same_answer_again_changes_nothing() -> None:
    assert spec.given(*SUBMITTED).when(replace(SUBMIT, on=date(2019, 6, 4))) == []
    assert spec.given(*RELEASED).when(SUBMIT) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(SUBMIT, outcome=Outcome.EXPLAINED),
        replace(SUBMIT, author="ubnd/other-clerk"),
        replace(SUBMIT, text=replace(TEXT, commitment="cd" * 32)),
    ],
)
def test_a_second_answer_is_refused(other: SubmitAnswer) -> None:
    assert spec.given(*SUBMITTED).refused(other).code == "assignment.answer_differs"
    assert spec.given(*RELEASED).refused(other).code == "assignment.released_final"


def test_a_second_seat_releases_the_answer_in_time() -> None:
    (event,) = spec.given(*SUBMITTED).when(RELEASE)
    assert isinstance(event, AnswerReleased)
    assert (event.submitted_on, event.released_on) == (date(2019, 6, 3), date(2019, 6, 5))
    assert (event.outcome, event.text, event.approver) == (Outcome.RESOLVED, TEXT, "ubnd/head")
    assert (event.days_late, event.working_days_late, event.agency_days_late) == (0, 0, 0)
    assert not event.missed


def test_the_due_date_itself_is_in_time() -> None:
    (event,) = spec.given(*SUBMITTED).when(replace(RELEASE, on=DUE))
    assert isinstance(event, AnswerReleased)
    assert event.days_late == 0


def test_the_author_never_releases() -> None:
    error = spec.given(*SUBMITTED).refused(replace(RELEASE, approver="ubnd/clerk"))
    assert (error.code, error.facts) == ("assignment.same_seat", {"seat": "ubnd/clerk"})


@pytest.mark.parametrize("past", [(ISSUED,), (ISSUED, accepted()), (ISSUED, accepted(), missed())])
def test_nothing_is_released_before_it_is_submitted(past: Sequence[AssignmentEvent]) -> None:
    assert spec.given(*past).refused(RELEASE).code == "assignment.not_submitted"


def test_a_late_release_records_the_miss_first() -> None:
    late = replace(RELEASE, on=date(2019, 6, 17))
    first, second = spec.given(*SUBMITTED).when(late)
    assert first == missed()
    assert isinstance(second, AnswerReleased)
    assert (second.days_late, second.working_days_late, second.missed) == (7, 5, True)


def test_days_of_review_are_not_the_agency_s() -> None:
    past = (ISSUED, accepted(), submitted(on=date(2019, 6, 12)))
    late = replace(RELEASE, on=date(2019, 6, 17))
    event = spec.given(*past).when(late)[-1]
    assert isinstance(event, AnswerReleased)
    assert (event.days_late, event.agency_days_late) == (7, 2)


def test_a_miss_that_is_recorded_is_not_recorded_again() -> None:
    late = replace(RELEASE, on=date(2019, 6, 17))
    (event,) = spec.given(*SUBMITTED, missed()).when(late)
    assert isinstance(event, AnswerReleased)
    assert event.missed


def test_a_release_is_final() -> None:
    assert spec.given(*RELEASED).when(replace(RELEASE, on=date(2019, 7, 1))) == []
    other = replace(RELEASE, approver="ubnd/deputy-head")
    assert spec.given(*RELEASED).refused(other).code == "assignment.released_final"


@pytest.mark.parametrize("past", [(ISSUED,), (ISSUED, accepted()), SUBMITTED])
def test_the_deadline_is_missed_on_the_day_after_it_in_every_open_state(
    past: Sequence[AssignmentEvent],
) -> None:
    assert spec.given(*past).when(NoticeDeadline(today=DUE)) == []
    assert spec.given(*past).when(NOTICE) == [missed()]


def test_a_miss_is_effective_on_the_day_after_the_due_date_whenever_it_is_noticed() -> None:
    assert spec.given(ISSUED).when(NoticeDeadline(today=date(2020, 1, 1))) == [missed()]


def test_the_deadline_is_missed_once_and_never_after_the_release() -> None:
    assert spec.given(ISSUED, missed()).when(NOTICE) == []
    assert spec.given(*RELEASED).when(NOTICE) == []
    assert spec.given().when(NOTICE) == []


def test_a_miss_ends_nothing() -> None:
    past = (ISSUED, missed(), accepted(), submitted())
    assert spec.given(ISSUED, missed()).when(ACCEPT) == [accepted()]
    assert isinstance(spec.given(*past).when(RELEASE)[-1], AnswerReleased)


@pytest.mark.parametrize(
    ("command", "past"),
    [
        (replace(ACCEPT, agency="tnmt-ba-dinh"), (ISSUED,)),
        (replace(SUBMIT, agency="tnmt-ba-dinh"), (ISSUED, accepted())),
        (replace(RELEASE, agency="tnmt-ba-dinh"), SUBMITTED),
    ],
)
def test_only_the_lead_agency_acts(command: Command, past: Sequence[AssignmentEvent]) -> None:
    error = spec.given(*past).refused(command, Forbidden)
    assert error.code == "assignment.other_agency"


@pytest.mark.parametrize("command", [ACCEPT, SUBMIT, RELEASE])
def test_what_was_not_issued_is_nobody_s(command: Command) -> None:
    assert spec.given().refused(command).code == "assignment.not_issued"


@pytest.mark.parametrize(
    ("command", "past", "earliest"),
    [
        (replace(ACCEPT, on=date(2019, 5, 19)), (ISSUED,), MONDAY),
        (replace(SUBMIT, on=date(2019, 5, 21)), (ISSUED, accepted()), date(2019, 5, 22)),
        (replace(RELEASE, on=date(2019, 6, 2)), SUBMITTED, date(2019, 6, 3)),
    ],
)
def test_no_step_is_dated_before_the_one_before_it(
    command: Command, past: Sequence[AssignmentEvent], earliest: date
) -> None:
    error = spec.given(*past).refused(command)
    assert (error.code, error.facts["earliest"]) == ("assignment.day_before", earliest)


@pytest.mark.parametrize(
    "kind", [AssignmentAccepted, AnswerSubmitted, AnswerReleased, DeadlineMissed]
)
def test_every_event_carries_what_figures_are_broken_down_by(
    kind: type[AssignmentDimensions],
) -> None:
    late = replace(RELEASE, on=date(2019, 6, 17))
    (event,) = (each for each in released(*SUBMITTED, command=late) if isinstance(each, kind))
    for field in fields(AssignmentDimensions):
        assert getattr(event, field.name) == getattr(ISSUED, field.name)


def test_an_issue_says_who_cooperates_and_why_it_is_due_then() -> None:
    (event,) = spec.given().when(ISSUE)
    assert isinstance(event, AssignmentIssued)
    assert event.cooperating_agencies == ("tnmt-ba-dinh",)
    assert event.deadline_working_days == 15
