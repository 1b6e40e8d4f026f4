"""Any commands in any order: what holds of a session at every prefix of its history."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    Appointment,
    CancelSession,
    Command,
    ConveneSession,
    EndSession,
    PostponeSession,
    RecordAttendance,
    RemoveFromAgenda,
    RescheduleSession,
    ResumeSession,
    ScheduleSession,
)
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    DueDay,
    KeptCommitment,
    NoteProgress,
    PublishResults,
)
from services.sessions.decider import SESSION
from services.sessions.states import Begun, Fixed, Issued, Known, State, state_name
from shared.contracts.sessions import ConclusionIssued, SessionEvent
from shared.contracts.vocabulary import (
    AttendanceBasis,
    ChangeReason,
    CommitmentProgress,
    CorrectionReason,
    Outcome,
    RemovalReason,
)
from shared.kernel.errors import AppError
from tests.services.sessions.story import (
    DRAIN,
    HELD_ON,
    LIGHTS,
    MARKET,
    TO_AGENDA,
    TO_ANSWERED,
    TO_CONCLUDED,
    TO_HELD,
    TO_OPENED,
    TO_PLANNED,
    agency,
    issuing,
    opening,
    placing,
    planning,
    proposed,
    raising,
    text,
)

REASON = ChangeReason.FORCE_MAJEURE
TERMINAL = {"cancelled"}
ORDER = (
    *("not_planned", "planned", "scheduled", "convened", "in_progress", "adjourned"),
    *("held", "minuted", "concluded", "completed"),
)
MAY_GO_BACK = {
    ("scheduled", "planned"),
    ("convened", "planned"),
    ("convened", "scheduled"),
    ("adjourned", "in_progress"),
    ("completed", "concluded"),
}
STARTS: tuple[tuple[SessionEvent, ...], ...] = (
    (),
    TO_PLANNED,
    TO_AGENDA,
    TO_OPENED,
    TO_ANSWERED,
    TO_HELD,
    TO_CONCLUDED,
)
opinions = st.sampled_from([DRAIN, LIGHTS, MARKET])
days = st.integers(0, 20).map(lambda number: HELD_ON + timedelta(days=number))


class Session(RuleBasedStateMachine):
    """One session, and whoever asks things of it."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[SessionEvent] = []
        self.state: State = SESSION.initial
        self.today = HELD_ON - timedelta(days=30)

    @initialize(begun=st.sampled_from(STARTS))
    def begin(self, begun: tuple[SessionEvent, ...]) -> None:
        """Start anywhere on a way that leads to a conclusion."""
        self.events = list(begun)
        self.state = SESSION.state_after(begun)
        if begun:
            self.today = HELD_ON + timedelta(days=1)

    def ask(self, command: Command) -> None:
        """Ask, and check what each single event does."""
        try:
            events = SESSION.decide(command, self.state)
        except AppError:
            return
        for event in events:
            before = state_name(self.state)
            self.state = SESSION.evolve(self.state, event)
            self.events.append(event)
            after = state_name(self.state)
            if after == before:
                continue
            assert before not in TERMINAL, (before, after)
            is_onward = after in TERMINAL or ORDER.index(after) > ORDER.index(before)
            assert is_onward or (before, after) in MAY_GO_BACK, (before, after)

    @rule()
    def plan(self) -> None:
        self.ask(planning())

    @rule(day=days)
    def schedule(self, day: date) -> None:
        self.ask(ScheduleSession(appointment=Appointment(held_on=day)))

    @rule(day=days)
    def reschedule(self, day: date) -> None:
        self.ask(RescheduleSession(appointment=Appointment(held_on=day), found=(), reason=REASON))

    @rule(command=st.sampled_from([PostponeSession(reason=REASON), CancelSession(reason=REASON)]))
    def give_up(self, command: Command) -> None:
        if len(self.events) % 7 == 0:  # else hardly any session is held
            self.ask(command)

    @rule()
    def convene(self) -> None:
        self.ask(ConveneSession(today=self.today, notice_days=7, hot_topics=()))

    @rule(opinion_id=opinions)
    def place(self, opinion_id: str) -> None:
        self.ask(placing(opinion_id))

    @rule(opinion_id=opinions)
    def remove(self, opinion_id: str) -> None:
        self.ask(RemoveFromAgenda(opinion_id=opinion_id, reason=RemovalReason.WITHDRAWN))

    @rule(days=st.integers(1, 10))
    def wait(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), HELD_ON + timedelta(days=100))

    @rule()
    def open(self) -> None:
        self.ask(opening(today=self.today))

    @rule(attendances=st.integers(0, 3))
    def attend(self, attendances: int) -> None:
        basis = AttendanceBasis.COUNTED
        self.ask(RecordAttendance(group="nhan_dan", attendances=attendances, basis=basis))

    @rule(opinion_id=opinions)
    def hear(self, opinion_id: str) -> None:
        self.ask(raising(opinion_id=opinion_id))

    @rule(opinion_id=opinions)
    def answer(self, opinion_id: str) -> None:
        self.ask(AnswerOnSpot(opinion_id=opinion_id, outcome=Outcome.EXPLAINED))

    @rule(
        command=st.sampled_from(
            [
                AdjournSession(on=HELD_ON + timedelta(days=40), reason=REASON),
                ResumeSession(on=HELD_ON + timedelta(days=41)),
                EndSession(speaking_turns=None),
                ApproveMinutes(on=HELD_ON, approver="a/b", text=text(20, "sessions")),
            ]
        )
    )
    def go_on(self, command: Command) -> None:
        self.ask(command)

    @rule()
    def conclude(self) -> None:
        if isinstance(self.state, Begun):
            open_ = tuple(sorted(self.state.opinions - self.state.answered.keys()))
            due_on = self.today + timedelta(days=30)
            self.ask(
                issuing(
                    proposed(opinion_ids=open_, due_on=due_on),
                    issued_on=self.today,
                    today=self.today,
                )
            )

    @rule(is_kept=st.booleans())
    def amend(self, *, is_kept: bool) -> None:
        if not isinstance(self.state, Issued):
            return
        commitments: list[Any] = [
            KeptCommitment(commitment_id=each.commitment_id)
            if is_kept
            else proposed(
                commitment_id=f"c-{len(self.events)}-{place}",
                opinion_ids=each.opinion_ids,
                lead=agency("ubnd-ba-dinh"),
                due_on=self.today + timedelta(days=60),
                supersedes=each.commitment_id,
            )
            for place, each in enumerate(self.state.commitments)
        ]
        self.ask(
            AmendConclusion(
                number=f"{len(self.events)}/TB",
                is_number_free=True,
                issued_on=self.today,
                signer="a/b",
                reason=CorrectionReason.OMITTED,
                commitments=tuple(commitments),
                today=self.today,
                backdating_max_days=30,
            )
        )

    @rule(progress=st.sampled_from(CommitmentProgress))
    def progress(self, progress: CommitmentProgress) -> None:
        if isinstance(self.state, Issued):
            for each in self.state.commitments:
                noted = NoteProgress(
                    commitment_id=each.commitment_id, progress=progress, on=self.today
                )
                self.ask(noted)

    @rule()
    def publish(self) -> None:
        due = DueDay(due_on=HELD_ON, citation="Điều 32")
        self.ask(PublishResults(published_on=self.today, today=self.today, due=due))

    @invariant()
    def replaying_gives_the_same_state(self) -> None:
        assert SESSION.state_after(self.events) == self.state

    @invariant()
    def every_opinion_of_a_conclusion_has_one_disposition(self) -> None:
        if isinstance(self.state, Issued):
            covered = [each for made in self.state.commitments for each in made.opinion_ids]
            assert len(covered) == len(set(covered))
            assert set(covered) | self.state.answered.keys() >= self.state.opinions
            assert not set(covered) & self.state.answered.keys()

    @invariant()
    def every_commitment_has_a_lead_a_product_and_a_day_after_its_notice(self) -> None:
        for event in self.events:
            if isinstance(event, ConclusionIssued):
                for made in event.commitments:
                    assert made.lead_agency
                    assert made.product.text_id
                    assert made.due_on > event.issued_on

    @invariant()
    def events_say_the_day_that_is_fixed(self) -> None:
        if isinstance(self.state, Fixed):
            assert self.state.held_on.year == self.state.plan.planned_year
        assert isinstance(self.state, Known) or not self.events or self._only_rejections()

    def _only_rejections(self) -> bool:
        return {type(event).__name__ for event in self.events} <= {"AgendaItemRejected"}


Session.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestSession: Callable[..., Any] = Session.TestCase
