"""The deep recount decides the whole course of an assignment again, and finds a lie in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deploy.audit.recount import recount
from deploy.audit.verdict import Verdict
from services.assignment import rules
from services.assignment.commands import (
    AcceptAssignment,
    CancelAssignment,
    ClaimFulfilment,
    ClimbLadder,
    Command,
    DecideExtension,
    DecideRefusal,
    JudgeFulfilment,
    NoticeDeadline,
    NoticeSilence,
    PauseClock,
    RefuseAssignment,
    ReleaseAnswer,
    RequestCoordination,
    RequestExtension,
    ResumeClock,
    ReturnAnswer,
    SubmitAnswer,
    SubmitContribution,
)
from shared.contracts.assignment_course import (
    ClockResumed,
    EscalationRaised,
    ExtensionGranted,
    LeadTransferred,
)
from shared.contracts.vocabulary import CancelReason, ExtensionReason, Outcome, RefusalReason
from tests.deploy.audit.story import ANSWER, CLERK, HEAD, Story

TIMER = "service:assignment"
PODIUM, FRONT = "quan/thu-ky", "mttq/giam-sat"
OTHER = "ubnd-ba-dinh"


class Told(Story):
    """A story of one assignment that goes every way there is."""

    def step(self, command: Command, actor: str = CLERK) -> None:
        before = self.logs["assignment"].size()
        self.handle(self.mine, command, actor)
        assert self.logs["assignment"].size() > before, command

    def lead(self) -> str:
        agency: str = self._states[f"assignment-{self.mine}"].matter.agency
        return agency

    @property
    def mine(self) -> str:
        return self._mine

    def begin(self, opinion_id: str) -> None:
        self.receive(opinion_id)
        self.accept(opinion_id)
        self._mine = self.refer(opinion_id)


def course(story: Told) -> None:
    """Refuse, transfer, pause, extend, coordinate, hand back, release, reject, verify."""
    story.begin("o-1")
    province, calendar, on = story.province, story.province.calendar, story.today
    story.step(
        RefuseAssignment(
            agency=story.lead(),
            on=on,
            author=CLERK,
            reason=RefusalReason.OUTSIDE_COMPETENCE,
            legal_basis=ANSWER,
            competent_agency=OTHER,
            decision_due_on=rules.due_on(province, rules.REFUSAL_DECISION_RULE, on),
        )
    )
    decision = DecideRefusal(
        on=on,
        seat=PODIUM,
        by_chair=False,
        transfers_max=rules.transfers_max(province, on),
        calendar=calendar,
        agency=OTHER,
    )
    story.step(decision, PODIUM)
    story.step(AcceptAssignment(agency=OTHER, on=on))
    listed = rules.pause_reasons(province, on)
    story.step(PauseClock(agency=OTHER, on=on, reason=listed[0], reasons=listed))
    story.later(3)
    story.step(ResumeClock(agency=OTHER, on=story.today, calendar=calendar))
    on = story.today
    story.step(
        RequestExtension(
            agency=OTHER,
            on=on,
            working_days=3,
            reason=ExtensionReason.MANY_AGENCIES,
            rule=rules.extension_rule(province, on),
        )
    )
    story.step(DecideExtension(on=on, seat=PODIUM, is_granted=True, calendar=calendar), PODIUM)
    story.step(
        RequestCoordination(
            agency=OTHER,
            on=on,
            cooperating_agency="ubnd-ha-noi",
            due_on=rules.due_on(province, rules.CONTRIBUTION_RULE, on),
        )
    )
    story.later(12)
    story.step(NoticeDeadline(today=story.today), TIMER)
    story.step(SubmitContribution(agency="ubnd-ha-noi", on=story.today, text=ANSWER))
    answer = SubmitAnswer(
        agency=OTHER, on=story.today, outcome=Outcome.EXPLAINED, author=CLERK, text=ANSWER
    )
    story.step(answer)
    story.step(ReturnAnswer(agency=OTHER, on=story.today, seat=HEAD, note=ANSWER), HEAD)
    story.step(answer)
    release = ReleaseAnswer(agency=OTHER, on=story.today, approver=HEAD, calendar=calendar)
    story.step(release, HEAD)
    claim = ClaimFulfilment(agency=OTHER, on=story.today, author=CLERK, evidence=ANSWER)
    story.step(claim)
    story.step(JudgeFulfilment(on=story.today, seat=FRONT, note=ANSWER), FRONT)
    story.step(claim)
    story.step(JudgeFulfilment(on=story.today, seat=FRONT, note=None), FRONT)


def neglect(story: Told) -> None:
    """Say nothing until the whole ladder is climbed; then it was issued in error."""
    story.begin("o-2")
    province, calendar = story.province, story.province.calendar
    story.later(70)
    days, citation = rules.silence(province, story.today)
    silence = NoticeSilence(
        today=story.today, working_days=days, citation=citation, calendar=calendar
    )
    story.step(silence, TIMER)
    story.step(NoticeDeadline(today=story.today), TIMER)
    ladder = rules.ladder(province, story.today)
    story.step(ClimbLadder(today=story.today, ladder=ladder, calendar=calendar), TIMER)
    reason = CancelReason.ISSUED_IN_ERROR
    story.step(CancelAssignment(on=story.today, reason=reason, calendar=calendar), PODIUM)


@pytest.fixture
def story() -> Told:
    made = Told()
    course(made)
    made.later(1)
    neglect(made)
    return made


def test_a_true_course_is_proven_step_by_step(story: Told) -> None:
    result = recount(story.archives, story.provinces)
    assert result.findings == []
    assert result.verdict is Verdict.PROVEN
    assert result.awaited_in_all == 0


@pytest.mark.parametrize(
    ("kind", "field", "lie"),
    [
        (LeadTransferred, "held_working_days", 99),
        (LeadTransferred, "agency", "ubnd-ha-noi"),
        (ClockResumed, "paused_working_days", 9),
        (ExtensionGranted, "working_days", 1),
        (EscalationRaised, "to", ("nobody",)),
    ],
)
def test_a_lie_in_the_course_is_found(kind: type, field: str, lie: Any) -> None:
    # Given a log in which one event says something else than followed
    story = Told()
    real = Told.append

    def append(self: Told, service: str, event: Any, **how: Any) -> Any:
        is_it = isinstance(event, kind)
        return real(self, service, replace(event, **{field: lie}) if is_it else event, **how)

    story.__class__ = type("Liar", (Told,), {"append": append})
    course(story)
    story.today += timedelta(days=1)
    neglect(story)
    # When it is recounted
    result = recount(story.archives, story.provinces)
    # Then that very field is named, as a proof
    found = {
        (each.facts["type"], each.facts.get("field")) for each in result.findings if each.is_proof
    }
    assert (kind.__name__, field) in found
