"""Many opinions at once: whatever people do, the forest is one level deep and all adds up."""

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from services.intake import plans
from services.intake.commands import Command
from services.intake.plans import Plan
from services.intake.states import (
    Answered,
    InHandling,
    Known,
    Merged,
    Split,
    state_name,
)
from shared.contracts.intake import OpinionAnswered, OpinionCoveredByCommitment, OpinionReferred
from tests.services.intake import course
from tests.services.intake.chance import counts
from tests.services.intake.forest import ALONE, Opinions, receiving_one, splitting


class Forest(RuleBasedStateMachine):
    """Opinions of one province, and everything that people may think of."""

    opinions = Bundle("opinions")

    def __init__(self) -> None:
        super().__init__()
        self.province = Opinions()
        self.events, self.states = self.province.events, self.province.states

    @rule(target=opinions, voices=st.integers(1, 9), raised=st.booleans())
    def receive(self, voices: int, *, raised: bool) -> str:
        opinion_id = f"o-{len(self.states)}"
        self.do(receiving_one(opinion_id, voices, raised=raised))
        return opinion_id

    @rule(opinion_id=opinions, command=st.sampled_from(ALONE))
    def ask(self, opinion_id: str, command: Command) -> None:
        self.do([(opinion_id, command)])

    @rule(opinion_id=opinions, numbers=st.lists(st.integers(0, 10_000), min_size=2, max_size=12))
    def go_on(self, opinion_id: str, numbers: list[int]) -> None:
        for number in numbers:
            fitting = self.province.fitting(opinion_id)
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
        if len(voices) > 1:
            self.do(splitting(opinion_id, voices))

    def do(self, plan: Plan) -> None:
        before = len(self.events)
        self.province.do(plan)
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


Forest.TestCase.settings = settings(max_examples=100, stateful_step_count=80, deadline=None)
TestForest = Forest.TestCase
