"""The counts that must add up: every case is in exactly one state.

Source: the domain's rule that per province, at every position, all cases (received, less
those that were split; their parts are received too) are those in screening, eligible,
scheduled, in handling, answered, declined, merged and withdrawn. One side counts events,
the other the states that the streams are folded into.
"""

from collections import Counter
from dataclasses import dataclass, field

from deploy.audit.logged import Logged
from services.intake.states import Known, Split, State, state_name
from shared.contracts.intake import OpinionReceived, OpinionSplit

NO_CASE = ("unknown", "split")
"""States of what is no case: nobody has reported it yet, or its parts are cases instead."""


@dataclass(slots=True)
class Balance:
    """Both sides, up to some position of one province's Intake."""

    cases: int = 0
    """Received, less split."""
    states: Counter[str] = field(default_factory=Counter)

    def move(self, logged: Logged, before: State, after: State) -> bool:
        """Take one event of an opinion in; return whether the two sides moved alike."""
        more = isinstance(logged.event, OpinionReceived) - isinstance(logged.event, OpinionSplit)
        self.cases += more
        self.states[state_name(before)] -= 1
        self.states[state_name(after)] += 1
        return _is_case(after) - _is_case(before) == more

    def as_json(self) -> dict[str, int]:
        """Return how many cases there are, and how many of them are in each state."""
        states = {n: count for n, count in self.states.items() if n not in NO_CASE and count}
        return {"cases": self.cases, **dict(sorted(states.items()))}


def _is_case(state: State) -> bool:
    return isinstance(state, Known) and not isinstance(state, Split)
