"""What Intake's events claim: opinions, digests, declared results."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream, found
from deploy.audit.recount.claims_course import asked_later
from deploy.audit.recount.claims_topics import CITED, RULED, TOPICAL, TopicClaims
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
from services.intake.commands_screening import KeepStub
from services.intake.decider import OPINION
from services.intake.opinions import level_of
from services.intake.policy import react
from services.intake.receipt import receipt_number
from services.intake.records import DECLARATION, DIGEST, STUB
from services.intake.states import dimensions_of
from shared.contracts import Event
from shared.contracts.intake import (
    ClarificationLapsed,
    DenunciationStubKept,
    DigestImported,
    FeedbackWindowLapsed,
    IntakeEvent,
    OpinionAccepted,
    OpinionClosed,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionReferred,
    OpinionScheduled,
    SessionResultsDeclared,
)
from shared.contracts.sessions import OpinionRaised
from shared.contracts.vocabulary import TextRefusal


@dataclass(slots=True)
class IntakeClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = CITED | {
        "deadline_citation",
        "answer_citation",
        "erase_citation",
    }
    types: ClassVar[tuple[type[Event], ...]] = get_args(IntakeEvent)
    timed: ClassVar[tuple[type[Event], ...]] = (
        ClarificationLapsed,
        FeedbackWindowLapsed,
        OpinionClosed,
        OpinionDeclined,
    )

    premises: Premises
    states: Mapping[str, Any] = field(default_factory=dict)
    """By stream: what it was folded into so far."""
    _rows: Counter[str] = field(default_factory=Counter)
    """By digest: opinions received from it that no `DigestImported` has claimed yet."""
    _tellers: dict[str, str] = field(default_factory=dict)
    """By text: the opinion that it belongs to."""
    _topics: TopicClaims = field(init=False)

    def __post_init__(self) -> None:
        """See `TopicClaims`."""
        self._topics = TopicClaims(self.premises)

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        match event:
            case OpinionDimensions():
                return Stream(f"opinion-{event.opinion_id}", OPINION)
            case DigestImported():
                return Stream(f"digest-{event.digest_id}", DIGEST)
            case DenunciationStubKept():
                return Stream(f"denunciation-{event.stub_id}", STUB)
            case SessionResultsDeclared():
                return Stream(f"declaration-{event.declaration_id}", DECLARATION)
            case _:
                return self._topics.stream(event)

    def asked(self, logged: Logged) -> Any:
        """Return the command. A digest's note and a declaration are their own."""
        match logged.event:
            case DigestImported() as event:
                return NoteDigest(**{name: getattr(event, name) for name in _NOTED})
            case SessionResultsDeclared() as event:
                return event
            case DenunciationStubKept() as event:
                self.premises.ruled_by().agency(event.redirect, logged.occurred_on)
                return KeepStub(
                    stub_id=event.stub_id,
                    unit=event.unit,
                    level=event.level,
                    redirect=event.redirect,
                    on=logged.occurred_on,
                )
            case OpinionReceived() as event if logged.recorded.causation_id is not None:
                # Which texts the vault held on that day stands in no log.
                heard = partial(react, text_refused=event.text_refused)
                return self.premises.reaction(logged, event.opinion_id, heard)
            case OpinionDimensions() as event if logged.recorded.causation_id is not None:
                heard = partial(react, on_agenda=(event.opinion_id,))
                return self.premises.reaction(logged, event.opinion_id, heard)
            case OpinionDimensions() as event:
                return self._asked_by_a_person(logged, event)
            case event if isinstance(event, TOPICAL):
                return self._topics.asked(logged)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, or the code of a refusal, depends on the province's file."""
        return name in _RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Keep whose each text is; count the rows of digests: none is claimed but received."""
        match logged.event:
            case OpinionReceived() as event:
                self._topics.note(event)
                if event.digest_id is not None:
                    self._rows[event.digest_id] += 1
                yield from self._text_of(logged, event)
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

    def _text_of(self, logged: Logged, event: OpinionReceived) -> Iterator[Finding]:
        """Yield where a text is another opinion's, or is said to be and is not.

        No proof: the first release believed every reference, of other provinces too.
        """
        cause = self.premises.causes.get(logged.recorded.causation_id or "")
        raised = cause.event if cause is not None else None
        text = raised.text if isinstance(raised, OpinionRaised) else event.text
        if text is None:
            return
        teller = self._tellers.get(text.text_id, event.opinion_id)
        if event.text is not None:
            self._tellers.setdefault(text.text_id, event.opinion_id)
        follows = TextRefusal.TAKEN if teller != event.opinion_id else None
        if {event.text_refused, follows} == {None, TextRefusal.TAKEN}:
            claimed = event.text_refused
            facts = {"field": "text_refused", "claimed": claimed, "follows": follows}
            yield found(logged, "differs", is_proof=False, facts=facts)

    def _asked_by_a_person(self, logged: Logged, event: OpinionDimensions) -> Command:
        match event:
            case OpinionReceived():
                return self._received(logged, event)
            case OpinionAccepted():
                return self._accepted(logged)
            case OpinionDeclined():
                if event.redirect is not None:
                    self.premises.ruled_by().agency(event.redirect, logged.occurred_on)
                return DeclineOpinion(
                    reason=event.reason, redirect=event.redirect, on=logged.occurred_on
                )
            case OpinionReferred():
                self._referable(event, logged.occurred_on)
                return ReferOpinion(referred_on=logged.occurred_on, agency=event.agency)
            case OpinionScheduled():
                return self._scheduled(event, logged.occurred_on)
            case _:
                return asked_later(logged, event, self.premises, self.states)

    def _received(self, logged: Logged, event: OpinionReceived) -> ReceiveOpinion:
        if event.text is None:
            raise Unexplained("text_missing")
        province, today = self.premises.ruled_by(), logged.occurred_on
        unit = province.unit(event.unit, event.received_on)
        province.field(event.field, event.received_on)
        if event.digest_id is None:  # a digest names its sender on a day of its own
            province.organisation(event.organisation, event.received_on)
        return ReceiveOpinion(
            dimensions=replace(dimensions_of(event), level=unit.level),
            receipt=receipt_number(event.opinion_id),
            text=event.text,
            entered_by=logged.recorded.actor,
            today=today,
            backdating_max_days=province.regulation.rule("backdating_max_days", today).as_count(),
            digest_id=event.digest_id,
            row=event.row,
            received_level=level_of(province, event.organisation, event.received_on),
            part_of=event.part_of,
        )

    def _accepted(self, logged: Logged) -> AcceptOpinion:
        roles = self.premises.ruled_by().regulation.rule("roles", logged.occurred_on)
        return AcceptOpinion(
            seat=logged.recorded.actor,
            by_another_seat=ACCEPTOR_IS_NOT_RECEIVER in roles.as_codes(),
            on=logged.occurred_on,
        )

    def _referable(self, event: OpinionReferred, on: date) -> None:
        province = self.premises.ruled_by()
        if event.agency is not None:
            province.agency(event.agency, on)
        else:
            province.route(event.field, event.level, on, unit=event.unit)

    def _scheduled(self, event: OpinionScheduled, on: date) -> ScheduleOpinion:
        fixed = self.premises.sessions.get(event.session_id or "")
        if not fixed:
            raise Unexplained("session_unknown", session=event.session_id)
        session = next((each for each in fixed if each.held_on == event.held_on), fixed[0])
        return ScheduleOpinion(
            session_id=session.session_id,
            session_kind=session.session_kind,
            held_on=session.held_on,
            session_unit=session.unit,
            session_level=session.level,
            on=on,
        )


_RULED = RULED | frozenset(
    {
        "level",
        "received_level",
        "due_on",
        "days_late",
        "answer_due_on",
        "erase_due_on",
        "paused_working_days",
        "level_up",
        "opinion.received_too_long_ago",
        "opinion.same_seat",
        "opinion.feedback_over",
    }
)
_NOTED = tuple(NoteDigest.__dataclass_fields__)
