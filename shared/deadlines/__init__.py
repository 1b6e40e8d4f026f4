"""When a limit ends, and why then: a date with an explanation that a person can check. Pure."""

from shared.deadlines.counting import (
    Counting,
    Day,
    Deadline,
    Moved,
    Pause,
    Terms,
    ZeroReason,
    deadline_of,
    moved,
)
from shared.deadlines.explanation import explanation

__all__ = [
    "Counting",
    "Day",
    "Deadline",
    "Moved",
    "Pause",
    "Terms",
    "ZeroReason",
    "deadline_of",
    "explanation",
    "moved",
]
