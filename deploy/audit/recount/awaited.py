"""What other services' events ask for and what has not come of it: not yet, or never."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy.audit.logged import Logged
from deploy.audit.recount.claims_assignment import AssignmentClaims
from deploy.audit.recount.folding import Fold
from services.assignment import policy as assignment_policy
from services.assignment.decider import DECIDER
from services.assignment.reactions import stream_of as assignment_stream
from services.intake.decider import OPINION
from services.intake.policy import react as react_in_intake
from services.intake.states import Scheduled
from services.sessions.decider import SESSION
from services.sessions.policy import react as react_in_sessions
from services.sessions.reactions import stream_of as session_stream
from shared.contracts.intake import OpinionReferred
from shared.contracts.sessions import SessionRescheduled
from shared.eventlog import reaction
from shared.eventlog.entry import NOTHING
from shared.kernel.decider import Decider
from shared.kernel.errors import AppError
from shared.kernel.ids import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A reaction that the log of `service` does not hold."""

    service: str
    subject: str
    cause: Logged
    is_passed: bool
    """The service has reacted to later events of the same log: it won't come back to this."""


Asked = tuple[str, str, Decider[Any, Any, Any], Any]
"""Subject, stream, decider, command."""


def awaited(service: str, fold: Fold) -> Iterator[Awaited]:
    """Yield what `service`, folded to some position, has not made of its causes."""
    for cause in fold.premises.causes.values():
        place = (cause.recorded.origin, cause.recorded.position)
        if place in fold.skipped:
            continue
        try:
            asked = list(_asked(service, fold, cause))
        except AppError:
            continue  # its follower can't apply it either, and stands there for all to see
        for subject, stream, decider, command in asked:
            task = reaction(
                cause.recorded, command, service=service, subject=subject, stream=stream
            )
            if derived_id(task.command_id, "0") in fold.ids:
                continue
            if _would_happen(decider, command, fold.states.get(stream, decider.initial)):
                yield Awaited(
                    service=service,
                    subject=subject,
                    cause=cause,
                    is_passed=place[1] < fold.heard.get(place[0], NOTHING),
                )


def _asked(service: str, fold: Fold, cause: Logged) -> Iterator[Asked]:
    match service:
        case "intake":
            on_agenda = _on_agenda(fold, cause)
            for opinion_id, command in react_in_intake(cause.event, on_agenda=on_agenda):
                yield opinion_id, f"opinion-{opinion_id}", OPINION, command
        case "sessions":
            for session_id, asked in react_in_sessions(cause.event):
                yield session_id, session_stream(session_id), SESSION, asked
        case "assignment":
            yield from _issues(fold, cause)
        case _:
            return


def _on_agenda(fold: Fold, cause: Logged) -> list[str]:
    event = cause.event
    if not isinstance(event, SessionRescheduled):
        return []
    return [
        state.dimensions.opinion_id
        for state in fold.states.values()
        if isinstance(state, Scheduled) and state.dimensions.session_id == event.session_id
    ]


def _issues(fold: Fold, cause: Logged) -> Iterator[Asked]:
    claims, province = fold.claims, fold.premises.province
    if not isinstance(claims, AssignmentClaims) or province is None:
        return
    if isinstance(cause.event, OpinionReferred) and _was_referred(fold, cause):
        return
    for assignment_id, command in assignment_policy.react(cause.event, province, claims.standing):
        yield assignment_id, assignment_stream(assignment_id), DECIDER, command


def _was_referred(fold: Fold, cause: Logged) -> bool:
    """Tell whether an assignment came of a referral; it may have been cancelled since."""
    ids = assignment_policy.assignment_ids_of(cause.event)
    commands = (derived_id(cause.recorded.event_id, "assignment", each) for each in ids)
    return any(derived_id(each, "0") in fold.ids for each in commands)


def _would_happen(decider: Decider[Any, Any, Any], command: Any, state: Any) -> bool:
    try:
        return bool(decider.decide(command, state))
    except AppError:
        return False
