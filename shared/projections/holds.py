"""Logs whose pages their owner can't give for now, though it answers for others.

Kept by the process alone: what it costs to find out again is one question.
"""

import time
from dataclasses import dataclass

from shared.projections.owner import OwnerAway

HOLD_S = (2.0, 60.0)
"""Pause after a log's first failing page, doubled at each further one up to the second."""


@dataclass(frozen=True, slots=True)
class _Hold:
    error: OwnerAway
    until: float
    pause_s: float


class Holds:
    """Which logs are left alone, each with a back-off of its own."""

    def __init__(self) -> None:
        self._holds: dict[str, _Hold] = {}

    def hold(self, origin: str, error: OwnerAway) -> bool:
        """Leave the log alone for a while; return whether its pages failed for the first time."""
        first_s, longest_s = HOLD_S
        before = self._holds.get(origin)
        pause_s = min(longest_s, before.pause_s * 2) if before else first_s
        self._holds[origin] = _Hold(error, time.monotonic() + pause_s, pause_s)
        return before is None

    def release(self, origin: str) -> bool:
        """Forget that pages failed, as one came; return whether there was a hold."""
        return self._holds.pop(origin, None) is not None

    def __contains__(self, origin: str) -> bool:
        """Return whether the log is left alone at this moment."""
        hold = self._holds.get(origin)
        return hold is not None and time.monotonic() < hold.until

    def check(self) -> None:
        """Return when no log is left alone at this moment.

        Raises:
            OwnerAway: what the page of one that is failed with.

        """
        for origin, hold in self._holds.items():
            if origin in self:
                raise hold.error
