"""Everything that happened to one opinion, session or assignment, over all logs of a province.

Links are followed by what events name: an opinion leads to its sessions, their conclusions,
its assignments and their answers; a cause leads to what came of it, and back.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.audit.archive import Archive, province_of, service_of
from deploy.audit.basis import Basis, basis_of
from deploy.audit.deployment import REPORTING
from deploy.audit.logged import Logged, logged_of
from deploy.audit.subject import Subject
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.intake import OpinionAnswered, OpinionBecameOverdue
from shared.contracts.sessions import (
    ConclusionIssued,
    SessionEnded,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.eventlog import Entry
from shared.provinces import Province

EVENTS_MAX = 2_000

_OF_THE_WHOLE = (SessionPlanned, SessionScheduled, SessionOpened, SessionEnded, ConclusionIssued)
"""Events of a session that concern each of its opinions."""
_OF_AN_ASSIGNMENT = (OpinionBecameOverdue, OpinionAnswered)
"""Events of an opinion that name no assignment, and have one of its events as their cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event of a history."""

    logged: Logged
    cause: Logged | None
    """The event that it is a reaction to, where that is part of the history too."""
    basis: tuple[Basis, ...]
    """What it rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened, in the order of time; a cause stands before its effects."""

    subject: Subject
    events: Sequence[Happened]
    """At most 2,000."""
    events_in_all: int


def history(archives: Sequence[Archive], subject: Subject, province: Province | None) -> History:
    """Return what happened to `subject`; `province` is its province's file in use now.

    Raises:
        LogTampered: `audit.hole`.

    """
    slug = subject.origin.split("/")[1]
    mine = [
        archive
        for archive in archives
        if province_of(archive) == slug and service_of(archive) != REPORTING
    ]
    ordered = list(_ordered(_chosen(mine, subject)))
    by_id = {each.recorded.event_id: each for each in ordered}
    issued = {
        each.event.assignment_id: each
        for each in ordered
        if isinstance(each.event, AssignmentIssued)
    }
    events = [
        Happened(
            logged=each,
            cause=by_id.get(each.recorded.causation_id or ""),
            basis=tuple(basis_of(each, issued, province)),
        )
        for each in ordered[:EVENTS_MAX]
    ]
    return History(subject=subject, events=events, events_in_all=len(ordered))


def _chosen(archives: Sequence[Archive], subject: Subject) -> list[Logged]:
    """Return the events that concern `subject`, with those that they follow from or lead to."""
    found = [
        each
        for each in _holding(archives, {subject.id})
        if subject.id in set(_named(each.data, subject.kind))
    ]
    sessions: set[str] = set()
    if subject.kind == "opinion":
        sessions = {name for each in found for name in _named(each.data, "session")}
    causes = {each.recorded.causation_id for each in found if each.recorded.causation_id}
    ids: set[str] = set()
    if subject.kind == "assignment":
        ids = {each.recorded.event_id for each in found}
    for each in _holding(archives, sessions | causes | ids):
        is_of_session = isinstance(each.event, _OF_THE_WHOLE) and each.event.session_id in sessions
        is_cause = each.recorded.event_id in causes
        is_effect = isinstance(each.event, _OF_AN_ASSIGNMENT) and each.recorded.causation_id in ids
        if is_of_session or is_cause or is_effect:
            found.append(each)
    return list({each.recorded.event_id: each for each in found}.values())


def _holding(archives: Sequence[Archive], ids: Collection[str]) -> Iterator[Logged]:
    """Yield the entries that any of `ids` is somewhere in: faster than reading them all."""
    needles = [each.encode() for each in ids]
    for archive in archives:
        for position, content in enumerate(archive.entries(0, archive.size())):
            if any(needle in content for needle in needles):
                entry = logged_of(Entry(archive.origin, position, content))
                if isinstance(entry, Logged):
                    yield entry


def _named(value: Any, kind: str) -> Iterator[str]:
    """Yield every id of a `kind` of thing that `value` names, however deep."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == f"{kind}_id" and isinstance(inner, str):
                yield inner
            elif name == f"{kind}_ids" and isinstance(inner, Sequence):
                yield from (each for each in inner if isinstance(each, str))
            else:
                yield from _named(inner, kind)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from _named(inner, kind)


def _ordered(chosen: Sequence[Logged]) -> Iterator[Logged]:
    """Yield events by time of recording, each log in its order, causes before their effects.

    Two logs have no common order and may be dated by two clocks; so an event waits until
    its cause was told.
    """
    logs: dict[str, deque[Logged]] = {}
    for each in sorted(chosen, key=lambda each: each.recorded.position):
        logs.setdefault(each.recorded.origin, deque()).append(each)
    untold = {each.recorded.event_id for each in chosen}
    while logs:
        heads = [log[0] for log in logs.values()]
        ready = [each for each in heads if each.recorded.causation_id not in untold]
        # None is ready where causes run in a circle: then by time alone.
        first = min(ready or heads, key=lambda each: (each.recorded.time, each.recorded.origin))
        yield first
        untold.discard(first.recorded.event_id)
        logs[first.recorded.origin].popleft()
        if not logs[first.recorded.origin]:
            del logs[first.recorded.origin]
