"""Whatever is asked in whatever order: the invariants of legs, facts and deadlines hold."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.assignment import commands as asked
from services.assignment.decider import DECIDER
from services.assignment.states import Ended, Live, Released, State, Triaged, Unissued
from shared.calendar import DayKind, WorkCalendar
from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentCancelled,
    AssignmentEvent,
    AssignmentIssued,
    AssignmentSuperseded,
    DeadlineMissed,
)
from shared.contracts.assignment_course import (
    ClockResumed,
    DeadlineRecomputed,
    EscalationRaised,
    ExtensionGranted,
    ReferralTriaged,
    ReminderSent,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.contracts.vocabulary import (
    CancelReason,
    ExtensionReason,
    LegRole,
    Outcome,
    RefusalReason,
    TransferReason,
    TriageReason,
)
from shared.kernel.errors import AppError
from shared.regulations import EscalationStep, EscalationTarget, Extension
from tests.services.assignment.matters import ISSUED, MONDAY, TEXT

PLAIN = WorkCalendar({})
ANNOUNCED = WorkCalendar({date(2019, 6, 5): DayKind.HOLIDAY})
AGENCIES = ("ubnd-ba-dinh", "tnmt-ba-dinh", "ubnd-ha-noi")
SEATS = ("clerk", "head", "supervisor")
LADDER = tuple(
    EscalationStep(after_due_working_days=step, to=(EscalationTarget.CLERK,))
    for step in (-5, -2, 1, 5, 10, 20)
)
MOVES_DEADLINE = (ClockResumed, ExtensionGranted, DeadlineRecomputed)
ENDS = (AnswerReleased, AssignmentCancelled, AssignmentSuperseded)

agencies, seats = st.sampled_from(AGENCIES), st.sampled_from(SEATS)


class Course(RuleBasedStateMachine):
    """One assignment that people, timers and other services ask everything of."""

    def __init__(self) -> None:
        super().__init__()
        self.state: State = Unissued()
        self.past: list[AssignmentEvent] = []
        self.today = MONDAY

    def ask(self, command: asked.Command) -> None:
        """Ask; what is refused changes nothing."""
        try:
            events = DECIDER.decide(command, self.state)
        except AppError:
            return
        for event in events:
            self.check(event)
            self.state = DECIDER.evolve(self.state, event)
            self.past.append(event)

    def check(self, event: AssignmentEvent) -> None:
        """Check what an event may not do, before it is taken in."""
        if isinstance(event, AssignmentIssued | ReferralTriaged):
            return
        assert isinstance(self.state, Live | Released)
        matter = self.state.matter
        if not isinstance(event, MOVES_DEADLINE):
            assert event.due_on == matter.due_on
        elif not isinstance(event, ClockResumed):
            assert self.today <= matter.due_on
            assert not matter.missed

    @rule(days=st.integers(0, 9))
    def later(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def issue(self) -> None:
        self.ask(asked.IssueAssignment(terms=ISSUED))

    @rule(agency=agencies)
    def accept(self, agency: str) -> None:
        self.ask(asked.AcceptAssignment(agency=agency, on=self.today))

    @rule(agency=agencies, competent=agencies)
    def refuse(self, agency: str, competent: str) -> None:
        self.ask(
            asked.RefuseAssignment(
                agency=agency,
                on=self.today,
                author="clerk",
                reason=RefusalReason.OUTSIDE_COMPETENCE,
                legal_basis=TEXT,
                competent_agency=competent,
                decision_due_on=self.today,
            )
        )

    @rule(agency=st.none() | agencies, by_chair=st.booleans())
    def decide(self, agency: str | None, *, by_chair: bool) -> None:
        self.ask(
            asked.DecideRefusal(
                on=self.today,
                seat="podium",
                by_chair=by_chair,
                transfers_max=1,
                calendar=PLAIN,
                agency=agency,
            )
        )

    @rule(agency=agencies)
    def succeed(self, agency: str) -> None:
        reason = TransferReason.SUCCESSION
        self.ask(asked.TransferLead(agency=agency, on=self.today, reason=reason, calendar=PLAIN))

    @rule()
    def triage(self) -> None:
        self.ask(
            asked.TriageAssignment(
                on=self.today,
                reason=TriageReason.AGENCY_SPLIT,
                candidates=AGENCIES,
                triage_due_on=self.today,
            )
        )

    @rule(agency=agencies)
    def assign(self, agency: str) -> None:
        self.ask(asked.AssignFromTriage(agency=agency, on=self.today, calendar=PLAIN))

    @rule(agency=agencies, other=agencies)
    def coordinate(self, agency: str, other: str) -> None:
        self.ask(
            asked.RequestCoordination(
                agency=agency, on=self.today, cooperating_agency=other, due_on=self.today
            )
        )

    @rule(agency=agencies)
    def contribute(self, agency: str) -> None:
        self.ask(asked.SubmitContribution(agency=agency, on=self.today, text=TEXT))

    @rule(agency=agencies)
    def pause(self, agency: str) -> None:
        self.ask(asked.PauseClock(agency=agency, on=self.today, reason="rain", reasons=("rain",)))

    @rule(agency=agencies)
    def resume(self, agency: str) -> None:
        self.ask(asked.ResumeClock(agency=agency, on=self.today, calendar=PLAIN))

    @rule(agency=agencies, days=st.integers(0, 12))
    def request_extension(self, agency: str, days: int) -> None:
        self.ask(
            asked.RequestExtension(
                agency=agency,
                on=self.today,
                working_days=days,
                reason=ExtensionReason.COMPLEX_MATTER,
                rule=Extension(max_times=2, max_working_days=10, approver="issuer"),
            )
        )

    @rule(is_granted=st.booleans())
    def decide_extension(self, *, is_granted: bool) -> None:
        self.ask(
            asked.DecideExtension(
                on=self.today, seat="podium", is_granted=is_granted, calendar=PLAIN
            )
        )

    @rule(calendar=st.sampled_from((PLAIN, ANNOUNCED)))
    def recompute(self, calendar: WorkCalendar) -> None:
        self.ask(
            asked.RecomputeDeadline(
                today=self.today, counted_from_on=ISSUED.issued_on, calendar=calendar
            )
        )

    @rule(agency=agencies, author=seats)
    def submit(self, agency: str, author: str) -> None:
        self.ask(
            asked.SubmitAnswer(
                agency=agency, on=self.today, outcome=Outcome.EXPLAINED, author=author, text=TEXT
            )
        )

    @rule(agency=agencies, seat=seats)
    def hand_back(self, agency: str, seat: str) -> None:
        self.ask(asked.ReturnAnswer(agency=agency, on=self.today, seat=seat, note=TEXT))

    @rule(agency=agencies, seat=seats)
    def release(self, agency: str, seat: str) -> None:
        self.ask(asked.ReleaseAnswer(agency=agency, on=self.today, approver=seat, calendar=PLAIN))

    @rule(agency=agencies, seat=seats)
    def claim(self, agency: str, seat: str) -> None:
        self.ask(asked.ClaimFulfilment(agency=agency, on=self.today, author=seat, evidence=TEXT))

    @rule(seat=seats, is_done=st.booleans())
    def judge(self, seat: str, *, is_done: bool) -> None:
        note = None if is_done else TEXT
        self.ask(asked.JudgeFulfilment(on=self.today, seat=seat, note=note))

    @rule(kind=st.integers(0, 19), days_ago=st.integers(0, 30))
    def end(self, kind: int, days_ago: int) -> None:
        on = self.today - timedelta(days=days_ago)
        if kind == 0:
            self.ask(asked.CancelAssignment(on=on, reason=CancelReason.WITHDRAWN, calendar=PLAIN))
        if kind == 1:
            self.ask(asked.SupersedeAssignment(on=on, by="a-2", calendar=PLAIN))

    @rule()
    def look(self) -> None:
        self.ask(
            asked.NoticeSilence(today=self.today, working_days=3, citation="k", calendar=PLAIN)
        )
        self.ask(asked.NoticeDeadline(today=self.today))
        self.ask(asked.ClimbLadder(today=self.today, ladder=LADDER, calendar=PLAIN))

    @invariant()
    def one_lead_without_gap_or_overlap(self) -> None:
        if isinstance(self.state, Unissued | Triaged):
            return
        matter = self.state.matter
        lead = [leg for leg in matter.legs if leg.role is LegRole.LEAD]
        assert lead[-1].agency == matter.agency
        assert lead[0].from_on == matter.issue.issued_on
        for leg, following in pairwise(lead):
            assert leg.to_on == following.from_on >= leg.from_on
        open_legs = [leg for leg in lead if leg.to_on is None]
        assert len(open_legs) == isinstance(self.state, Live)
        cooperating = [leg.agency for leg in matter.legs if leg.role is LegRole.COOPERATING]
        if isinstance(self.state, Live):
            still = [leg for leg in matter.legs if leg.to_on is None]
            assert len({leg.agency for leg in still}) == len(still), cooperating

    @invariant()
    def days_held_add_up(self) -> None:
        if isinstance(self.state, Released | Ended):
            lead = [leg for leg in self.state.matter.legs if leg.role is LegRole.LEAD]
            first, last = lead[0].from_on, lead[-1].to_on
            assert last is not None
            held = sum(leg.working_days or 0 for leg in lead)
            assert held == PLAIN.working_days_between(first, last)

    @invariant()
    def facts_are_recorded_once(self) -> None:
        assert sum(isinstance(event, DeadlineMissed) for event in self.past) <= 1
        assert sum(isinstance(event, ENDS) for event in self.past) <= 1
        steps = [
            event.step_working_days
            for event in self.past
            if isinstance(event, ReminderSent | EscalationRaised)
        ]
        assert len(set(steps)) == len(steps)

    @invariant()
    def a_late_end_follows_its_miss(self) -> None:
        for number, event in enumerate(self.past):
            if isinstance(event, AnswerReleased):
                missed = [e for e in self.past[:number] if isinstance(e, DeadlineMissed)]
                assert bool(missed) == event.missed
                assert event.missed or event.days_late == 0

    @invariant()
    def every_event_carries_what_holds_after_it(self) -> None:
        if self.past and not isinstance(self.state, Unissued | Triaged):
            last = self.past[-1]
            assert isinstance(last, AssignmentDimensions)
            assert (last.agency, last.due_on) == (
                self.state.matter.agency,
                self.state.matter.due_on,
            )


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_an_issue_asked_for_again_in_any_state_is_no_second_issue() -> None:
    machine: Any = Course()
    machine.issue()
    machine.accept(AGENCIES[0])
    machine.issue()
    machine.ask(asked.IssueAssignment(terms=replace(ISSUED, due_on=date(2020, 1, 1))))
    assert sum(isinstance(event, AssignmentIssued) for event in machine.past) == 1
