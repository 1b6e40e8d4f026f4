"""What Sessions' events claim: plans, days, attendances, conclusions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.claims_conclusions import ConclusionClaims
from deploy.audit.recount.claims_obligations import ObligationClaims
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.sessions import arranging, clashes, obligations
from services.sessions.clashes import Engaged
from services.sessions.commands import (
    AdjournSession,
    AnswerOnSpot,
    Appointment,
    CancelSession,
    Command,
    ConveneSession,
    DelegateChair,
    EndSession,
    OpenSession,
    PlanSession,
    PostponeSession,
    RaiseOpinion,
    RecordAttendance,
    RescheduleSession,
    ResumeSession,
    ScheduleSession,
    SetAgenda,
    StateCommitment,
)
from services.sessions.decider import SESSION
from services.sessions.obligations import OBLIGATION, NoticeObligation
from services.sessions.policy import react
from services.sessions.reactions import stream_of
from services.sessions.sessions import formalities_of_opening
from shared.contracts import Event
from shared.contracts.sessions import (
    AgendaSet,
    AnswerGivenOnSpot,
    AttendanceRecorded,
    ChairDelegated,
    CommitmentStated,
    ConclusionAmended,
    ConclusionIssued,
    ObligationDimensions,
    ObligationEvent,
    OpinionRaised,
    SessionAdjourned,
    SessionCancelled,
    SessionConvened,
    SessionDimensions,
    SessionEnded,
    SessionEvent,
    SessionObligationMet,
    SessionObligationMissed,
    SessionOpened,
    SessionPlanned,
    SessionPostponed,
    SessionRescheduled,
    SessionResumed,
    SessionScheduled,
)
from shared.contracts.vocabulary import Level, SessionKind
from shared.kernel.errors import Refused
from shared.provinces import Province


@dataclass(slots=True)
class SessionsClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset({"citation", "deadline_citation"})
    types: ClassVar[tuple[type[Event], ...]] = (*get_args(SessionEvent), *get_args(ObligationEvent))
    timed: ClassVar[tuple[type[Event], ...]] = get_args(ObligationEvent)

    premises: Premises
    conclusions: ConclusionClaims = field(init=False)
    obligations: ObligationClaims = field(init=False)
    _engaged: dict[str, tuple[date, Engaged]] = field(default_factory=dict)
    """By session with a day: the day, and what it needs."""

    def __post_init__(self) -> None:
        """Share the premises."""
        self.conclusions = ConclusionClaims(self.premises)
        self.obligations = ObligationClaims(self.premises)

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        match event:
            case SessionDimensions():
                return Stream(stream_of(event.session_id), SESSION)
            case ObligationDimensions():
                return Stream(obligations.stream_of(event.obligation_id), OBLIGATION)
            case _:
                return None

    def asked(self, logged: Logged) -> Command | NoticeObligation:
        """Return the command."""
        event = logged.event
        if isinstance(event, SessionObligationMet | SessionObligationMissed):
            return self.obligations.asked(logged, event)
        if not isinstance(event, SessionDimensions):
            raise Unexplained("cause_missing", cause=None)
        if logged.recorded.causation_id is not None:
            return self.premises.reaction(logged, event.session_id, react)
        command = self._before(logged, event) or self._in_the_room(logged, event)
        return command or self.conclusions.asked(logged, event)

    def _before(self, logged: Logged, event: SessionDimensions) -> Command | None:
        """Return the command of an event before the session, None for any other."""
        match event:
            case SessionPlanned():
                return self._planned(logged, event)
            case SessionScheduled():
                return ScheduleSession(**self._appointed(event))
            case SessionRescheduled():
                return RescheduleSession(**self._appointed(event), reason=event.reason)
            case SessionPostponed():
                return PostponeSession(reason=event.reason)
            case SessionCancelled():
                return CancelSession(reason=event.reason)
            case ChairDelegated():
                return DelegateChair(chair=event.chair, reason=event.reason)
            case AgendaSet():
                # Which topics were confirmed at that moment is in no log of ours.
                return SetAgenda(topics=event.topics, hot_topics=())
            case SessionConvened():
                rule = self.premises.ruled_by().regulation.rule("notice_days", event.held_on)
                return ConveneSession(
                    today=logged.occurred_on, notice_days=rule.as_count(), hot_topics=()
                )
            case _:
                return None

    def _in_the_room(self, logged: Logged, event: SessionDimensions) -> Command | None:
        """Return the command of an event in the room, None for any other."""
        match event:
            case SessionOpened():
                return self._opened(logged, event)
            case SessionAdjourned():
                return AdjournSession(on=logged.occurred_on, reason=event.reason)
            case SessionResumed():
                return ResumeSession(on=logged.occurred_on)
            case AttendanceRecorded():
                return RecordAttendance(
                    group=event.group, attendances=event.attendances, basis=event.basis
                )
            case OpinionRaised():
                self._check_field(event.field_of_opinion, event.held_on)
                return RaiseOpinion(**{name: getattr(event, name) for name in _RAISED})
            case AnswerGivenOnSpot():
                return AnswerOnSpot(opinion_id=event.opinion_id, outcome=event.outcome)
            case CommitmentStated():
                self._check_field(event.field_of_commitment, event.held_on)
                return StateCommitment(**{name: getattr(event, name) for name in _STATED})
            case SessionEnded():
                return EndSession(speaking_turns=event.speaking_turns)
            case _:
                return None

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, or the code of a refusal, depends on the province's file."""
        return name in _RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Remember who needs what when, the numbers of notices, and what was held."""
        event = logged.event
        match event:
            case SessionScheduled() | SessionRescheduled():
                self._engaged[event.session_id] = (event.held_on, _engaged(event, event.chair))
            case SessionPostponed() | SessionCancelled():
                self._engaged.pop(event.session_id, None)
            case ChairDelegated() | SessionOpened() if event.session_id in self._engaged:
                held_on, before = self._engaged[event.session_id]
                self._engaged[event.session_id] = (held_on, replace(before, chair=event.chair))
            case SessionEnded(session_kind=SessionKind.PERIODIC):
                engaged = self._engaged.get(event.session_id)
                chair = engaged[1].chair if engaged is not None else None
                self.obligations.note(event, chair)
            case ConclusionIssued() | ConclusionAmended():
                self.conclusions.note(event)
            case _:
                pass
        yield from ()

    def _appointed(self, event: SessionScheduled | SessionRescheduled) -> dict[str, Any]:
        province = self.premises.ruled_by()
        unit = province.territory.on(event.unit, event.held_on)
        if unit is None or unit.level != event.level:
            raise Refused("session.unit_not_there", unit=event.unit, held_on=event.held_on)
        self._check_field(event.field, event.held_on)
        wanted = Appointment(
            held_on=event.held_on,
            starts_at=event.starts_at,
            venue=event.venue,
            chair=event.chair,
            required_agencies=event.required_agencies or (),
            override=event.override,
        )
        others = [
            each
            for session_id, (held_on, each) in sorted(self._engaged.items())
            if held_on == event.held_on and session_id != event.session_id
        ]
        is_day_off = arranging.is_day_off(province, event.held_on)
        return {
            "appointment": wanted,
            "found": clashes.found(wanted, others, is_day_off=is_day_off),
        }

    def _planned(self, logged: Logged, event: SessionPlanned) -> PlanSession:
        province = self.premises.ruled_by()
        values = {f.name: getattr(event, f.name) for f in fields(SessionDimensions)}
        level = _level_in(province, event.unit, event.planned_year)
        self._check_field(event.field, logged.occurred_on)
        rule = province.regulation.rule("adhoc_triggers", logged.occurred_on)
        return PlanSession(
            dimensions=SessionDimensions(**{**values, "level": level}),
            planned_year=event.planned_year,
            trigger=event.trigger,
            adhoc_triggers=rule.as_codes(),
        )

    def _opened(self, logged: Logged, event: SessionOpened) -> OpenSession:
        province = self.premises.ruled_by()
        rule = province.regulation.rule("backdating_max_days", logged.occurred_on)
        quorum, must_be_convened = formalities_of_opening(province, event.level, event.held_on)
        return OpenSession(
            chair=event.chair,
            head_present=event.head_present,
            today=logged.occurred_on,
            backdating_max_days=rule.as_count(),
            present=event.present,
            quorum=quorum,
            must_be_convened=must_be_convened,
        )

    def _check_field(self, key: str | None, on: date) -> None:
        """Raise Refused `province.unknown_field` for one that isn't a field on that day."""
        if key is not None:
            self.premises.ruled_by().field(key, on)


_RULED = frozenset(
    {
        "level",
        "required",
        "quorum",
        "conclusion_due_on",
        "days_late",
        "due_on",
        "session.trigger_unknown",
        "session.unit_not_there",
        "session.day_off",
        "session.notice_too_short",
        "session.not_convened",
        "session.quorum_missing",
        "session.not_minuted",
        "session.opened_too_late",
        "session.issued_too_long_ago",
        "session.commitment_field_unknown",
        "session.agency_unknown",
        "session.agency_not_competent",
    }
)
_RAISED = tuple(RaiseOpinion.__dataclass_fields__)
_STATED = tuple(StateCommitment.__dataclass_fields__)


def _engaged(event: SessionScheduled | SessionRescheduled, chair: str | None) -> Engaged:
    return Engaged(
        session_id=event.session_id,
        venue=event.venue,
        chair=chair,
        required_agencies=event.required_agencies or (),
    )


def _level_in(province: Province, unit: str, year: int) -> Level:
    """Return the level of what `unit` names in `year`, the latest where that changes."""
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    for each in reversed(province.territory.units.ever(unit)):
        if each.valid_from <= last_on and (each.valid_to is None or each.valid_to >= first_on):
            return each.level
    raise Refused("province.unknown_unit", unit=unit, on=first_on)
