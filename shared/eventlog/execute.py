"""Command in, events out: the only path by which anything is ever decided and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from shared.contracts import Event
from shared.eventlog.entry import NOTHING, Appended, Draft, Entry, Recorded
from shared.eventlog.log import EventLog
from shared.kernel.clock import rfc3339
from shared.kernel.decider import Decider
from shared.kernel.errors import Conflict
from shared.kernel.ids import derived_id
from shared.store import Transaction

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Generic[C]):
    """One command for one stream, with who gave it, when, and why."""

    stream: str
    command: C
    command_id: str
    """Ids of the events derive from it, so that a repeated command is a no-op."""
    actor: str
    at: datetime
    """When it happened: the server's clock, or the recording of the cause."""
    expected_version: int | None = None
    """Version that the giver has seen; None takes the stream as it is."""
    causation_id: str | None = None
    correlation_id: str | None = None
    references: str | None = None
    """As `Draft.references`; None and "" alike: no file decided it."""


def reaction(
    cause: Recorded,
    command: C,
    *,
    service: str,
    subject: str,
    stream: str,
    references: str | None = None,
) -> Task[C]:
    """Return the task by which `service` reacts to `cause` with a command for `subject`.

    It is dated by its cause and given by the service. Its id derives from both and the
    subject, so that a cause heard twice has its effect once.
    """
    return Task(
        stream=stream,
        command=command,
        command_id=derived_id(cause.event_id, service, subject),
        actor=actor_of(service),
        at=datetime.fromisoformat(cause.time),
        causation_id=cause.event_id,
        correlation_id=cause.correlation_id,
        references=references,
    )


def actor_of(service: str) -> str:
    """Return who acts when no seat does."""
    return f"service:{service}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a task."""

    stream: str
    version: int
    """Of the stream afterwards; -1 when it has no events."""
    appended: tuple[Appended, ...]
    repeated: bool = False
    """The command had been executed before; `appended` is what it did then."""


@dataclass(slots=True)
class _Stream(Generic[S]):
    """A stream under the lock, as the tasks so far have left it."""

    state: S
    version: int
    places: dict[str, Appended]
    """Where its events lie, by id."""


def execute(
    log: EventLog,
    tx: Transaction,
    decider: Decider[C, S, E],
    tasks: Sequence[Task[C]],
) -> list[Outcome]:
    """Lock the log, load each stream, fold, decide, append once; say what became of each.

    All in the caller's transaction. The lock comes first, so no decision is ever made on
    a state that is not the newest. A command that was executed before, or earlier in
    `tasks`, is not decided again: it answers with what it did.

    Raises:
        Refused: as the decider's `decide`; nothing of the transaction should be kept.
        Conflict: `eventlog.stream_moved` when a stream is not at its expected version;
            `eventlog.id_reused` when a command comes back for another stream.

    """
    if not tasks:
        return []
    head, past = log.open(tx, (task.stream for task in tasks))
    streams = {name: _loaded(decider, entries) for name, entries in past.items()}
    before = {name: stream.version for name, stream in streams.items()}
    drafts: list[Draft] = []
    outcomes: list[Outcome] = []
    for task in tasks:
        stream = streams[task.stream]
        appended = _done_before(task, stream)
        repeated = bool(appended)
        if not repeated:
            if task.expected_version not in (None, stream.version):
                raise Conflict("eventlog.stream_moved", stream=task.stream, version=stream.version)
            for number, event in enumerate(decider.decide(task.command, stream.state)):
                draft = _draft(task, number, cast(Event, event), stream.version)
                stream.state = decider.evolve(stream.state, event)
                stream.version += 1
                place = Appended(
                    event_id=draft.id,
                    position=head.next_position + len(drafts),
                    version=stream.version,
                )
                stream.places[draft.id] = place
                appended.append(place)
                drafts.append(draft)
        outcomes.append(
            Outcome(
                stream=task.stream,
                version=appended[-1].version if appended else stream.version,
                appended=tuple(appended),
                repeated=repeated,
            )
        )
    log.record(tx, head, drafts, before)
    return outcomes


def _loaded(decider: Decider[C, S, E], entries: Sequence[Entry]) -> _Stream[S]:
    recorded = [entry.recorded() for entry in entries]
    return _Stream(
        state=decider.state_after(cast(E, each.event) for each in recorded),
        version=recorded[-1].version if recorded else NOTHING,
        places={
            each.event_id: Appended(
                event_id=each.event_id, position=each.position, version=each.version
            )
            for each in recorded
        },
    )


def _done_before(task: Task[C], stream: _Stream[S]) -> list[Appended]:
    """Return what `task` appended when it was executed before; [] when it was not."""
    found: list[Appended] = []
    while (place := stream.places.get(_event_id(task, len(found)))) is not None:
        found.append(place.again())
    return found


def _event_id(task: Task[C], number: int) -> str:
    return derived_id(task.command_id, str(number))


def _draft(task: Task[C], number: int, event: Event, version: int) -> Draft:
    return Draft(
        id=_event_id(task, number),
        stream=task.stream,
        event=event,
        actor=task.actor,
        occurred_at=rfc3339(task.at),
        expected_version=version,
        correlation_id=task.correlation_id,
        causation_id=task.causation_id,
        references=task.references,
    )
