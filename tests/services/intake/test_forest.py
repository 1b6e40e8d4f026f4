"""Many opinions at once: whatever people do, the forest is one level deep and all adds up."""

from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from services.intake import plans
from services.intake.commands import Command
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from services.intake.plans import Plan
from services.intake.states import (
    Answered,
    InHandling,
    Known,
    Merged,
    Split,
    State,
    Unknown,
    state_name,
)
from shared.contracts.intake import OpinionAnswered, OpinionCoveredByCommitment, OpinionReferred
from shared.contracts.vocabulary import DeclineReason, OpinionKind, Outcome
from shared.kernel.errors import Refused
from tests.services.intake import course
from tests.services.intake.chance import counts
from tests.services.intake.story import (
    OTHER_SESSION_ID,
    accepting,
    answering,
    answering_on_spot,
    covering,
    declining,
    missing,
    raising,
    receiving,
    referring,
    scheduling,
    taking_off,
)

ALONE: tuple[Command, ...] = (
    accepting(),
    declining(),
    declining(DeclineReason.COMPLAINT, "ubnd-ha-noi"),
    referring(),
    scheduling(),
    scheduling(OTHER_SESSION_ID),
    taking_off(),
    covering(),
    replace(covering(), commitment_id="commitment-2"),
    answering_on_spot(),
    answering(),
    answering(outcome=Outcome.ACCEPTED_WITH_PLAN),
    answering(commitment_id="commitment-1"),
    answering(round=2),
    missing(),
    missing(round=2),
    course.acknowledging(),
    course.asking_back(),
    course.replying(),
    course.letting_lapse(),
    course.classifying(),
    course.classifying(OpinionKind.COMPLAINT),
    course.rescheduling(course.ANSWERED_ON),
    course.returning(),
    course.returning("commitment-1"),
    course.commenting(),
    course.window_closing(),
    course.wanting_again(),
    course.reopening(),
    course.refusing_again(),
    course.closing(),
    course.closing(commitment_stands=False),
    course.wanting_erased(),
    course.granting(),
    course.erasing(),
)
"""What is asked of one opinion, in whatever state."""


class Forest(RuleBasedStateMachine):
    """Opinions of one province, and everything that people may think of."""

    opinions = Bundle("opinions")

    def __init__(self) -> None:
        super().__init__()
        self.events: list[OpinionEvent] = []
        self.states: dict[str, State] = {}

    @rule(target=opinions, voices=st.integers(1, 9), raised=st.booleans())
    def receive(self, voices: int, *, raised: bool) -> str:
        opinion_id = f"o-{len(self.states)}"
        asked = raising() if raised else receiving()
        dimensions = replace(asked.dimensions, opinion_id=opinion_id, voices=voices)
        self.do([(opinion_id, replace(asked, dimensions=dimensions))])
        return opinion_id

    @rule(opinion_id=opinions, command=st.sampled_from(ALONE))
    def ask(self, opinion_id: str, command: Command) -> None:
        self.do([(opinion_id, command)])

    @rule(opinion_id=opinions, numbers=st.lists(st.integers(0, 10_000), min_size=2, max_size=12))
    def go_on(self, opinion_id: str, numbers: list[int]) -> None:
        for number in numbers:
            state = self.states.get(opinion_id, Unknown())
            fitting = [command for command in ALONE if _happens(command, state)]
            if fitting:
                self.do([(opinion_id, fitting[number % len(fitting)])])

    @rule(opinion_id=opinions, head_id=opinions)
    def merge(self, opinion_id: str, head_id: str) -> None:
        what = {"similarity_permille": None, "algorithm": None}
        self.do(plans.merge(opinion_id, head_id, self.states, **what))

    @rule(opinion_id=opinions)
    def unmerge(self, opinion_id: str) -> None:
        self.do(plans.unmerge(opinion_id, self.states))

    @rule(opinion_id=opinions, keep=st.booleans(), seldom=st.integers(0, 3))
    def withdraw(self, opinion_id: str, seldom: int, *, keep: bool) -> None:
        if seldom:
            return
        command = course.withdrawing(keep_ex_officio=keep)
        self.do(plans.withdraw(opinion_id, self.states, command))

    @rule(opinion_id=consumes(opinions), voices=st.lists(st.integers(1, 9), max_size=3))
    def split(self, opinion_id: str, voices: list[int]) -> None:
        part_ids = tuple(f"{opinion_id}-{number}" for number in range(len(voices)))
        plan: Plan = [(opinion_id, course.splitting(*part_ids) if part_ids else course.splitting())]
        for part_id, number in zip(part_ids, voices, strict=True):
            asked = receiving(part_of=opinion_id)
            dimensions = replace(asked.dimensions, opinion_id=part_id, voices=number)
            plan.append((part_id, replace(asked, dimensions=dimensions)))
        if len(part_ids) > 1:
            self.do(plan)

    def do(self, plan: Plan) -> None:
        """Carry out a plan: all or none."""
        states, events = dict(self.states), []
        try:
            for opinion_id, command in plan:
                state = states.get(opinion_id, Unknown())
                for event in OPINION.decide(command, state):
                    state = OPINION.evolve(state, event)
                    events.append(event)
                states[opinion_id] = state
        except Refused:
            return
        before = len(self.events)
        self.states = states
        self.events += events
        for size in range(before, len(self.events) + 1):
            counted = counts(self.events[:size])
            cases = counted.pop("cases")
            assert sum(counted.values()) == cases, "at every prefix"

    @invariant()
    def what_the_events_tell_is_what_the_states_are(self) -> None:
        counted = counts(self.events)
        del counted["cases"]
        found = Counter(state_name(state) for state in self.states.values())
        assert +counted == Counter(
            {n: c for n, c in found.items() if n not in {"split", "unknown"}}
        )

    @invariant()
    def a_head_stands_for_itself_and_knows_its_members(self) -> None:
        members: dict[str, set[str]] = {}
        for opinion_id, state in self.states.items():
            if isinstance(state, Merged):
                members.setdefault(state.head_id, set()).add(opinion_id)
                assert not state.course.member_ids
        for head_id, state in self.states.items():
            if isinstance(state, Known):
                assert set(state.course.member_ids) == members.pop(head_id, set())
                assert len(set(state.course.member_ids)) == len(state.course.member_ids)
            if isinstance(state, Merged):
                assert not isinstance(self.states[state.head_id], Merged)
        assert members == {}

    @invariant()
    def no_voice_is_lost_or_counted_twice(self) -> None:
        known = [
            state
            for state in self.states.values()
            if isinstance(state, Known) and not isinstance(state, Split)
        ]
        own = sum(state.reception.voices for state in known)
        counted = sum(s.dimensions.voices for s in known if not isinstance(s, Merged))
        assert counted == own

    @invariant()
    def a_round_has_one_disposition_at_most_and_one_answer(self) -> None:
        rounds: Counter[tuple[str, int]] = Counter()
        referred: Counter[tuple[str, int]] = Counter()
        for event in self.events:
            match event:
                case OpinionAnswered():
                    rounds[event.opinion_id, event.round] += 1
                case OpinionReferred():
                    referred[event.opinion_id, event.round] += 1
                case OpinionCoveredByCommitment():
                    assert event.session_id is not None
                case _:
                    continue
        assert max([*rounds.values(), *referred.values()], default=0) <= 1

    @invariant()
    def a_course_remembers_its_rounds(self) -> None:
        for state in self.states.values():
            if isinstance(state, InHandling):
                assert 1 <= state.round <= state.course.round
            if isinstance(state, Answered):
                assert state.course.answers >= 1


def _happens(command: Command, state: State) -> bool:
    try:
        return bool(OPINION.decide(command, state))
    except Refused:
        return False


Forest.TestCase.settings = settings(max_examples=100, stateful_step_count=80, deadline=None)
TestForest = Forest.TestCase
