"""The counts that must add up: every opinion received is in exactly one state.

Source: the domain's rule that per province, at every position, all cases are those in
screening, eligible, scheduled, in handling, answered and declined. One side counts
receptions, the other the states that the streams are folded into.
"""

from collections import Counter
from dataclasses import dataclass, field

from deploy.audit.logged import Logged
from services.intake.states import Known, State, state_name
from shared.contracts.intake import OpinionReceived

UNKNOWN = "unknown"


@dataclass(slots=True)
class Balance:
    """Both sides, up to some position of one province's Intake."""

    received: int = 0
    states: Counter[str] = field(default_factory=Counter)

    def move(self, logged: Logged, before: State, after: State) -> bool:
        """Take one event of an opinion in; return whether the two sides moved alike."""
        received = isinstance(logged.event, OpinionReceived)
        self.received += received
        self.states[state_name(before)] -= 1
        self.states[state_name(after)] += 1
        return (isinstance(after, Known) - isinstance(before, Known)) == received

    def as_json(self) -> dict[str, int]:
        """Return how many cases there are, and how many of them are in each state."""
        states = {name: count for name, count in self.states.items() if name != UNKNOWN and count}
        return {"cases": self.received, **dict(sorted(states.items()))}
