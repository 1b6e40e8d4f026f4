"""One log folded again, each event judged in the state that those before it lead to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deploy.audit.logged import Logged, Unreadable
from deploy.audit.recount.balance import Balance
from deploy.audit.recount.claims import Claims, Stream, differences, found
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.intake.decider import OPINION
from shared.contracts import Event
from shared.contracts.operations import EntrySkipped, PredecessorNamed, ReferenceAdopted
from shared.eventlog import actor_of
from shared.eventlog.entry import NOTHING
from shared.kernel.errors import AppError
from shared.references import ADOPTION, stream_of

RECORDED_WITHIN = timedelta(days=1)
"""A person's deed is recorded while the request lasts; midnight may lie in between."""
FROM_A_NEWER_RELEASE = frozenset({"contract.unknown_type", "contract.unknown_version"})
_SERVICE = "service:"
"""Begins the actor of what no person did."""
_FILES = frozenset({"province", "regulation"})
"""First parts of the codes by which a province's file refuses."""


@dataclass(slots=True)
class Fold:
    """A log's streams, as far as they were folded."""

    claims: Claims
    premises: Premises
    states: dict[str, Any] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    heard: dict[str, int] = field(default_factory=dict)
    """By log: the furthest position that an event here is a reaction to."""
    skipped: set[tuple[str, int]] = field(default_factory=set)
    """Entries of other logs that were passed over by an operator."""
    balance: Balance = field(default_factory=Balance)
    _versions: dict[str, int] = field(default_factory=dict)
    _rest: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    """By stream: what was decided together with its last event and must come next."""
    _last_time: str = ""

    def take(self, entry: Logged | Unreadable) -> Iterator[Finding]:
        """Fold one entry, the next of its log; yield what is wrong with it."""
        if isinstance(entry, Unreadable):
            yield Finding(
                code="unreadable",
                origin=entry.origin,
                position=entry.position,
                is_proof=entry.reason not in FROM_A_NEWER_RELEASE,
                facts={"reason": entry.reason},
            )
            return
        yield from self._placed(entry)
        if isinstance(entry.event, EntrySkipped):
            self.skipped.add((entry.event.origin, entry.event.position))
            return
        if isinstance(entry.event, PredecessorNamed):
            return  # what it says of another log is for `audit verify`
        stream = self._stream(entry.event)
        if stream is None:
            yield found(entry, "wrong_log")
        elif stream.name != entry.recorded.stream:
            yield found(entry, "wrong_stream", facts={"follows": stream.name})
        else:
            yield from self._folded(entry, stream)
            if isinstance(entry.event, self.claims.types):
                yield from self.claims.note(entry)

    def _stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`; None when it does not belong into this log."""
        if isinstance(event, ReferenceAdopted):
            return Stream(stream_of(event.file), ADOPTION)
        return self.claims.stream(event) if isinstance(event, self.claims.types) else None

    def _asked(self, logged: Logged) -> Any:
        """Return the command: of an adoption the fact itself. Raises as `Claims.asked`."""
        is_adoption = isinstance(logged.event, ReferenceAdopted)
        return logged.event if is_adoption else self.claims.asked(logged)

    def _placed(self, logged: Logged) -> Iterator[Finding]:
        """Check what the log itself sets: versions without gap, ids, times."""
        recorded = logged.recorded
        version = self._versions.get(recorded.stream, NOTHING) + 1
        if recorded.version != version:
            facts = {"field": "streamversion", "claimed": recorded.version, "follows": version}
            yield found(logged, "differs", facts=facts)
        self._versions[recorded.stream] = recorded.version
        if recorded.event_id in self.ids:
            yield found(logged, "id_repeated")
        self.ids.add(recorded.event_id)
        if recorded.time < self._last_time:
            yield found(logged, "time_went_back", facts={"follows": self._last_time})
        self._last_time = max(self._last_time, recorded.time)

    def _folded(self, logged: Logged, stream: Stream) -> Iterator[Finding]:
        state = self.states.get(stream.name, stream.decider.initial)
        yield from self._dated(logged)
        yield from self._judged(logged, stream, state)
        after = stream.decider.evolve(state, logged.event)
        self.states[stream.name] = after
        if stream.decider is OPINION and not self.balance.move(logged, state, after):
            yield found(logged, "counts_differ", facts=dict(self.balance.as_json()))

    def _dated(self, logged: Logged) -> Iterator[Finding]:
        """Check whose deed it says it is, and when: a reaction's when its cause was recorded."""
        recorded = logged.recorded
        if recorded.causation_id is None and recorded.actor.startswith(_SERVICE):
            return  # a timer: nothing that it records depends on when it looked
        if recorded.causation_id is None:
            occurred, noted = map(datetime.fromisoformat, (recorded.occurred_at, recorded.time))
            if not abs(noted - occurred) <= RECORDED_WITHIN:
                follows = recorded.time
                facts = {"field": "occurredat", "claimed": recorded.occurred_at, "follows": follows}
                yield found(logged, "differs", facts=facts)
            return
        cause = self.premises.causes.get(recorded.causation_id)
        if cause is None:
            return
        service = actor_of(recorded.origin.rpartition("/")[2])
        if recorded.actor != service:
            facts = {"field": "actor", "claimed": recorded.actor, "follows": service}
            yield found(logged, "differs", facts=facts)
        origin, position = cause.recorded.origin, cause.recorded.position
        self.heard[origin] = max(self.heard.get(origin, NOTHING), position)
        if recorded.occurred_at != cause.recorded.time:
            follows = cause.recorded.time
            facts = {"field": "occurredat", "claimed": recorded.occurred_at, "follows": follows}
            yield found(logged, "differs", facts=facts)

    def _judged(self, logged: Logged, stream: Stream, state: Any) -> Iterator[Finding]:
        form = type(logged.event)
        due = self._rest.pop(stream.name, ())
        if due and type(due[0]) is not form:
            yield found(logged, "left_out", facts={"follows": type(due[0]).__name__})
            due = ()
        is_of_service = logged.recorded.actor.startswith(_SERVICE)
        timed = (*self.claims.timed, ReferenceAdopted)
        if is_of_service and logged.recorded.causation_id is None and form not in timed:
            yield found(logged, "cause_missing")
            return
        try:
            follows = due or tuple(stream.decider.decide(self._asked(logged), state))
        except Unexplained as unexplained:
            is_proof, facts = unexplained.is_proof, unexplained.facts
            yield found(logged, unexplained.code, is_proof=is_proof, facts=facts)
            return
        except AppError as error:
            yield self._refused(logged, error)
            return
        forms = [type(event) for event in follows]
        if form not in forms:
            names = ", ".join(each.__name__ for each in forms) or "—"
            is_proof = not self.claims.is_ruled(logged.type) or self.premises.is_of_today(logged)
            yield found(logged, "not_possible", is_proof=is_proof, facts={"reason": names})
            return
        place = forms.index(form)
        for event in follows[:place]:
            yield found(logged, "left_out", facts={"follows": type(event).__name__})
        yield from self._compared(logged, follows[place])
        if follows[place + 1 :]:
            self._rest[stream.name] = follows[place + 1 :]

    def unfinished(self) -> Iterator[tuple[str, str]]:
        """Yield (stream, type) of what was decided with a stream's last event and isn't there."""
        for name, rest in self._rest.items():
            yield name, type(rest[0]).__name__

    def _compared(self, logged: Logged, follows: Event) -> Iterator[Finding]:
        for each in differences(logged, follows):
            is_ruled = self.claims.is_ruled(each.field)
            is_cited = each.field in self.claims.cited
            is_proof = not (is_ruled or is_cited) or self.premises.is_of_today(logged)
            if is_cited and not is_proof:
                continue  # another version of the file may say it in other words
            facts = {"field": each.field, "claimed": each.claimed, "follows": each.follows}
            yield found(logged, "differs", is_proof=is_proof, facts=facts)

    def _refused(self, logged: Logged, error: AppError) -> Finding:
        faults = error.facts.get("faults")
        codes = [fault["code"] for fault in faults] if isinstance(faults, list) else [error.code]
        is_ruled = all(
            self.claims.is_ruled(code) or code.partition(".")[0] in _FILES for code in codes
        )
        return found(
            logged,
            "not_possible",
            is_proof=not is_ruled or self.premises.is_of_today(logged),
            facts={"reason": ", ".join(dict.fromkeys(codes))},
        )
