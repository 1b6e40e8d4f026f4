"""What a service's claims module answers, and how a claim is compared with what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Protocol

from deploy.audit.logged import Logged
from deploy.audit.verdict import Finding
from shared import wire
from shared.contracts import Event
from shared.contracts.assignment import AnswerReleased, AssignmentIssued
from shared.contracts.intake import (
    OpinionAccepted,
    OpinionAnswered,
    OpinionCoveredByCommitment,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
)
from shared.kernel.decider import Decider
from shared.wire.codec import schema_version


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream that an event belongs into, and the decider that folds it."""

    name: str
    decider: Decider[Any, Any, Any]


class Claims(Protocol):
    """One service: what its events claim, and what that must follow from.

    Its methods are called for each entry of one log, in order.
    """

    cited: ClassVar[frozenset[str]]
    """Fields that quote the province's file: compared only where it is the very file."""
    types: ClassVar[tuple[type[Event], ...]]
    """Events that this service owns."""
    timed: ClassVar[tuple[type[Event], ...]]
    """Those that it may record without a cause, by its own clock."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`; None for a fact that no decider folds."""
        ...

    def asked(self, logged: Logged, /) -> Any:
        """Return the command that must have led to `logged`.

        Raises:
            Unexplained: nobody can have asked for it.
            AppError: what had to be resolved first is refused.

        """
        ...

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, a type, or the code of a refusal depends on the province's file."""
        ...

    def note(self, logged: Logged, /) -> Iterator[Finding]:
        """Keep what later events rest on; yield what is wrong with the log as a whole."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that claims something else than follows."""

    field: str
    claimed: Any
    follows: Any


def differences(logged: Logged, follows: Event) -> list[Difference]:
    """Return the fields in which `logged` is not what `follows` says, by name.

    Only what was written is a claim: a field that came into the contract later is not held
    against an older event.
    """
    claimed, expected = logged.data, wire.encode(follows)
    is_current = logged.schema_version == schema_version(logged.type)
    later = _came_later(follows)
    names = claimed.keys() & expected.keys()
    if is_current:
        names = (claimed.keys() | expected.keys()) - (later - claimed.keys())
        names &= {each.name for each in fields(follows)}
    return [
        Difference(name, claimed.get(name), expected.get(name))
        for name in sorted(names)
        if claimed.get(name) != expected.get(name)
    ]


def found(
    logged: Logged, code: str, *, is_proof: bool = True, facts: Mapping[str, object] | None = None
) -> Finding:
    """Return a finding about `logged`."""
    recorded = logged.recorded
    return Finding(
        code=code,
        origin=recorded.origin,
        position=recorded.position,
        event_id=recorded.event_id,
        is_proof=is_proof,
        facts={"type": logged.type, **(facts or {})},
    )


_GROWN: Mapping[type[Event], frozenset[str]] = {
    OpinionReceived: frozenset({"entered_by", "received_level", "gathering_days"}),
    OpinionAccepted: frozenset({"accepted_on", "screening_days"}),
    OpinionDeclined: frozenset({"declined_on", "screening_days", "state_before"}),
    OpinionCoveredByCommitment: frozenset({"state_before"}),
    OpinionScheduled: frozenset(
        {"scheduled_on", "waited_days", "session_unit_before", "session_level_before"}
    ),
    OpinionReferred: frozenset({"waited_days"}),
    AssignmentIssued: frozenset({"counted_from_on"}),
    AnswerReleased: frozenset({"held_working_days", "legs"}),
}
"""Fields that say None where they are not stated, and that older releases never stated."""


def _came_later(follows: Event) -> set[str]:
    """Return the fields that an event may lack because it is older than they are."""
    later = {each.name for each in fields(follows) if each.default not in (MISSING, None)}
    later |= _GROWN.get(type(follows), frozenset())
    if isinstance(follows, OpinionDimensions):
        later |= {"session_unit", "session_level"}
    match follows:
        case OpinionAnswered(was_overdue=False):  # what was, a release that says so has recorded
            later.add("was_overdue")
        case _:
            pass
    return later
