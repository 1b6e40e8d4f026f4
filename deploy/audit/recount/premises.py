"""What the claims of a province's events rest on: causes, sessions, and the rules of the day."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from deploy.audit.logged import Logged
from shared.contracts import Event
from shared.contracts.assignment import (
    AnswerReleased,
    AssignmentCancelled,
    DeadlineMissed,
    FulfilmentVerified,
)
from shared.contracts.intake import (
    OpinionMerged,
    OpinionReferred,
    OpinionReopened,
    OpinionScheduled,
    OpinionWithdrawn,
)
from shared.contracts.operations import ReferenceAdopted
from shared.contracts.sessions import (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    ConclusionAmended,
    ConclusionIssued,
    OpinionRaised,
    SessionRescheduled,
    SessionScheduled,
)
from shared.provinces import Province

C = TypeVar("C")
React = Callable[[Event], Iterable[tuple[str, C]]]

CAUSES = (
    AgendaItemRejected,
    AnswerGivenOnSpot,
    AnswerReleased,
    AssignmentCancelled,
    ConclusionAmended,
    ConclusionIssued,
    DeadlineMissed,
    FulfilmentVerified,
    OpinionMerged,
    OpinionRaised,
    OpinionReferred,
    OpinionReopened,
    OpinionScheduled,
    SessionRescheduled,
    OpinionWithdrawn,
)
"""Events that a policy of another service answers."""
_TAKEN = (*CAUSES, SessionScheduled, SessionRescheduled, ReferenceAdopted)
TAKEN = frozenset(each.__name__ for each in _TAKEN)
"""Types of the events that claims are judged by: causes, fixed days, files that came into use."""


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
    sessions: dict[str, list[SessionScheduled | SessionRescheduled]] = field(default_factory=dict)
    """By session: the days that were fixed, one after the other."""
    _adopted: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)
    """By log and file: from which position on which version was in use."""

    def take(self, logged: Logged) -> None:
        """Note what others may rest on; entries of one log come in their order."""
        event = logged.event
        if isinstance(event, CAUSES):
            self.causes[logged.recorded.event_id] = logged
        if isinstance(event, SessionScheduled | SessionRescheduled):
            self.sessions.setdefault(event.session_id, []).append(event)
        if isinstance(event, ReferenceAdopted):
            versions = self._adopted.setdefault((logged.recorded.origin, event.file), [])
            versions.append((logged.recorded.position, event.version))

    def ruled_by(self) -> Province:
        """Return the province's file. Raises Unexplained `rules_missing`, no proof."""
        if self.province is None:
            raise Unexplained("rules_missing", is_proof=False)
        return self.province

    def is_of_today(self, logged: Logged) -> bool:
        """Tell whether `logged` was decided by the very files that are in use now.

        Those that it names; without a name, those that its log had adopted by then.
        """
        if self.province is None:
            return False
        now = {file.name: file.version for file in self.province.files}
        if logged.references:
            return {f"{name}@{version}" for name, version in now.items()} >= set(
                logged.references.split()
            )
        return all(self._version(logged, name) == version for name, version in now.items())

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

    def _version(self, logged: Logged, file: str) -> str | None:
        """Return the version of `file` that the log of `logged` had adopted before it."""
        versions = self._adopted.get((logged.recorded.origin, file), [])
        place = bisect_right(versions, logged.recorded.position, key=lambda adopted: adopted[0])
        return versions[place - 1][1] if place else None
