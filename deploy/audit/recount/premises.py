"""What the claims of a province's events rest on: causes, sessions, and the rules of the day."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from deploy.audit.logged import Logged
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentIssued, DeadlineMissed
from shared.contracts.intake import OpinionReferred, OpinionScheduled
from shared.contracts.sessions import (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    ConclusionIssued,
    OpinionRaised,
    SessionScheduled,
)
from shared.provinces import Province

C = TypeVar("C")
React = Callable[[Event], Iterable[tuple[str, C]]]

CAUSES = (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    AnswerReleased,
    ConclusionIssued,
    DeadlineMissed,
    OpinionRaised,
    OpinionReferred,
    OpinionScheduled,
)
"""Events that a policy of another service answers."""
TAKEN = frozenset(each.__name__ for each in (*CAUSES, SessionScheduled, AssignmentIssued))
"""Types of the events that claims are judged by: causes, fixed days, versions of the file."""


class Unexplained(Exception):  # noqa: N818 - what it says is no error of ours
    """Nobody can have asked for an event."""

    def __init__(self, code: str, *, is_proof: bool = True, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.is_proof = is_proof
        self.facts = facts


@dataclass(slots=True, kw_only=True)
class Premises:
    """What is known of one province before its events are judged."""

    province: Province | None
    """The file that is in use now; None when there is none."""
    causes: dict[str, Logged] = field(default_factory=dict)
    """By id: the events that others are reactions to."""
    sessions: dict[str, SessionScheduled] = field(default_factory=dict)
    """By session: the day that was fixed."""
    _named: list[tuple[str, str]] = field(default_factory=list)
    """Instants at which a version of the file is known to have been in use, and which; sorted."""

    def take(self, logged: Logged) -> None:
        """Note what others may rest on; entries of one log come in their order."""
        event = logged.event
        if isinstance(event, CAUSES):
            self.causes[logged.recorded.event_id] = logged
        if isinstance(event, SessionScheduled):
            self.sessions.setdefault(event.session_id, event)
        if logged.references is not None:
            insort(self._named, (logged.recorded.time, logged.references))

    def ruled_by(self) -> Province:
        """Return the province's file. Raises Unexplained `rules_missing`, no proof."""
        if self.province is None:
            raise Unexplained("rules_missing", is_proof=False)
        return self.province

    def is_of_today(self, logged: Logged) -> bool:
        """Tell whether `logged` was decided by the very file that is in use now.

        An event that names no version was decided by the one named last before it, if
        the one named first after it is the same.
        """
        if self.province is None:
            return False
        now = f"{self.province.file}@{self.province.sha256}"
        return {now} == set(self._versions(logged))

    def cause_of(self, logged: Logged) -> Logged:
        """Return the event that `logged` says caused it. Raises Unexplained `cause_missing`."""
        cause = self.causes.get(logged.recorded.causation_id or "")
        if cause is None:
            raise Unexplained("cause_missing", cause=logged.recorded.causation_id)
        return cause

    def reaction(self, logged: Logged, subject: str, react: "React[C]") -> C:
        """Return what the cause of `logged` asks of `subject`.

        Raises Unexplained: `cause_missing`, `cause_asks_nothing`.
        """
        cause = self.cause_of(logged)
        for asked_of, command in react(cause.event):
            if asked_of == subject:
                return command
        raise Unexplained("cause_asks_nothing", cause=cause.recorded.event_id)

    def _versions(self, logged: Logged) -> Sequence[str]:
        if logged.references is not None:
            return [logged.references]
        instant = logged.recorded.time
        before = bisect_right(self._named, instant, key=lambda named: named[0])
        after = bisect_left(self._named, instant, key=lambda named: named[0])
        return [version for _, version in (*self._named[:before][-1:], *self._named[after:][:1])]
