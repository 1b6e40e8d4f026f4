"""Specifications of a decider: given what happened, when a command comes, then this."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import pytest

from shared.kernel.decider import Decider
from shared.kernel.errors import AppError, Refused

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


class Given(Generic[C, S, E]):
    """A decider in the state that some events led to."""

    def __init__(self, decider: Decider[C, S, E], events: Sequence[E]) -> None:
        self._decider = decider
        self.state = decider.state_after(events)

    def when(self, command: C) -> list[E]:
        """Return the events that `command` leads to. Raises what the decider raises."""
        return list(self._decider.decide(command, self.state))

    def refused(self, command: C, kind: type[AppError] = Refused) -> AppError:
        """Return the error by which `command` is refused; fail if it is not."""
        with pytest.raises(kind) as caught:
            self._decider.decide(command, self.state)
        return caught.value


class Spec(Generic[C, S, E]):
    """Given/when/then: `Spec(DECIDER).given(*events).when(command) == [event]`."""

    def __init__(self, decider: Decider[C, S, E]) -> None:
        self._decider = decider

    def given(self, *events: E) -> Given[C, S, E]:
        """Return the decider after `events`, oldest first."""
        return Given(self._decider, events)
