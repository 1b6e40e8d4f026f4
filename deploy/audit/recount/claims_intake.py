"""What Intake's events claim: opinions, digests, declared results."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream, found
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.intake.commands import (
    ACCEPTOR_IS_NOT_RECEIVER,
    AcceptOpinion,
    Command,
    DeclineOpinion,
    NoteDigest,
    ReceiveOpinion,
    ReferOpinion,
    ScheduleOpinion,
)
from services.intake.decider import OPINION
from services.intake.policy import react
from services.intake.receipt import receipt_number
from services.intake.records import DECLARATION, DIGEST
from services.intake.states import dimensions_of
from shared.contracts import Event
from shared.contracts.intake import (
    DigestImported,
    IntakeEvent,
    OpinionAccepted,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    SessionResultsDeclared,
)


@dataclass(slots=True)
class IntakeClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset()
    types: ClassVar[tuple[type[Event], ...]] = get_args(IntakeEvent)

    premises: Premises
    _rows: Counter[str] = field(default_factory=Counter)
    """By digest: opinions received from it that no `DigestImported` has claimed yet."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        match event:
            case OpinionDimensions():
                return Stream(f"opinion-{event.opinion_id}", OPINION)
            case DigestImported():
                return Stream(f"digest-{event.digest_id}", DIGEST)
            case SessionResultsDeclared():
                return Stream(f"declaration-{event.declaration_id}", DECLARATION)
            case _:
                return None

    def asked(self, logged: Logged) -> Any:
        """Return the command. A digest's note and a declaration are their own."""
        match logged.event:
            case DigestImported() as event:
                return NoteDigest(**{name: getattr(event, name) for name in _NOTED})
            case SessionResultsDeclared() as event:
                return event
            case OpinionReceived() as event if logged.recorded.causation_id is not None:
                # Which texts the vault held on that day stands in no log.
                heard = partial(react, text_refused=event.text_refused)
                return self.premises.reaction(logged, event.opinion_id, heard)
            case OpinionDimensions() as event if logged.recorded.causation_id is not None:
                return self.premises.reaction(logged, event.opinion_id, react)
            case OpinionDimensions() as event:
                return self._asked_by_a_person(logged, event)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, or the code of a refusal, depends on the province's file."""
        return name in _RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Count the rows of digests: none is claimed that was not received."""
        match logged.event:
            case OpinionReceived(digest_id=str(digest_id)):
                self._rows[digest_id] += 1
            case DigestImported() as event:
                told = event.rows_received + event.rows_repeated + event.rows_rejected
                if event.rows != told:
                    facts = {"field": "rows", "claimed": event.rows, "follows": told}
                    yield found(logged, "differs", facts=facts)
                there = self._rows.pop(event.digest_id, 0)
                if event.rows_received > there:
                    claimed = event.rows_received
                    facts = {"field": "rows_received", "claimed": claimed, "follows": there}
                    yield found(logged, "differs", facts=facts)
            case _:
                return

    def _asked_by_a_person(self, logged: Logged, event: OpinionDimensions) -> Command:
        match event:
            case OpinionReceived():
                return self._received(logged, event)
            case OpinionAccepted():
                return self._accepted(logged)
            case OpinionDeclined():
                return DeclineOpinion(reason=event.reason, redirect=event.redirect)
            case OpinionReferred():
                if event.agency is not None:
                    self.premises.ruled_by().agency(event.agency, logged.occurred_on)
                return ReferOpinion(referred_on=logged.occurred_on, agency=event.agency)
            case OpinionScheduled():
                return self._scheduled(event)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def _received(self, logged: Logged, event: OpinionReceived) -> ReceiveOpinion:
        if event.text is None:
            raise Unexplained("text_missing")
        province, today = self.premises.ruled_by(), logged.occurred_on
        unit = province.unit(event.unit, event.received_on)
        return ReceiveOpinion(
            dimensions=replace(dimensions_of(event), level=unit.level),
            receipt=receipt_number(event.opinion_id),
            text=event.text,
            entered_by=logged.recorded.actor,
            today=today,
            backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
            digest_id=event.digest_id,
            row=event.row,
        )

    def _accepted(self, logged: Logged) -> AcceptOpinion:
        roles = self.premises.ruled_by().regulation.rule("roles", logged.occurred_on)
        return AcceptOpinion(
            seat=logged.recorded.actor,
            by_another_seat=ACCEPTOR_IS_NOT_RECEIVER in roles.as_codes(),
        )

    def _scheduled(self, event: OpinionScheduled) -> ScheduleOpinion:
        session = self.premises.sessions.get(event.session_id or "")
        if session is None:
            raise Unexplained("session_unknown", session=event.session_id)
        return ScheduleOpinion(
            session_id=session.session_id,
            session_kind=session.session_kind,
            held_on=session.held_on,
        )


_RULED = frozenset({"level", "opinion.received_too_long_ago", "opinion.same_seat"})
_NOTED = tuple(NoteDigest.__dataclass_fields__)
