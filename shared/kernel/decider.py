"""The Decider: a state machine as three values, after Jérémie Chassaing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, TypeVar

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True)
class Decider(Generic[C, S, E]):
    """What an aggregate is: where it starts, how it decides, how it changes.

    `decide` may raise `Refused`. `evolve` never fails: what happened, happened.
    Neither reads a clock, a random source, a file or a database.
    """

    initial: S
    decide: Callable[[C, S], Sequence[E]]
    evolve: Callable[[S, E], S]

    def state_after(self, events: Iterable[E]) -> S:
        """Return the state that `events`, oldest first, lead to."""
        return reduce(self.evolve, events, self.initial)
