"""What Sessions' events claim: plans, days, attendances, conclusions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from typing import ClassVar, get_args

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.premises import Premises, Unexplained
from deploy.audit.verdict import Finding
from services.sessions.commands import (
    AnswerOnSpot,
    Appointment,
    Command,
    EndSession,
    OpenSession,
    PlanSession,
    RaiseOpinion,
    RecordAttendance,
    ScheduleSession,
)
from services.sessions.conclusion import tidy_number
from services.sessions.conclusion_commands import (
    IssueConclusion,
    NamedAgency,
    ProposedCommitment,
    Standing,
)
from services.sessions.decider import SESSION
from services.sessions.policy import react
from services.sessions.reactions import stream_of
from shared.contracts import Event
from shared.contracts.sessions import (
    AnswerGivenOnSpot,
    AttendanceRecorded,
    Commitment,
    ConclusionIssued,
    OpinionRaised,
    SessionDimensions,
    SessionEnded,
    SessionEvent,
    SessionOpened,
    SessionPlanned,
    SessionScheduled,
)
from shared.contracts.vocabulary import Level
from shared.kernel.errors import Refused
from shared.kernel.ids import derived_id
from shared.provinces import Province


@dataclass(slots=True)
class SessionsClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset()
    types: ClassVar[tuple[type[Event], ...]] = get_args(SessionEvent)
    timed: ClassVar[tuple[type[Event], ...]] = ()

    premises: Premises
    _numbers: dict[tuple[str, int, str], str] = field(default_factory=dict)
    """By unit, year and number of a notice: the session that it concludes."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        if isinstance(event, SessionDimensions):
            return Stream(stream_of(event.session_id), SESSION)
        return None

    def asked(self, logged: Logged) -> Command:
        """Return the command."""
        event = logged.event
        if not isinstance(event, SessionDimensions):
            raise Unexplained("cause_missing", cause=None)
        if logged.recorded.causation_id is not None:
            return self.premises.reaction(logged, event.session_id, react)
        match event:
            case SessionPlanned():
                return self._planned(logged, event)
            case SessionScheduled():
                unit = self.premises.ruled_by().territory.on(event.unit, event.held_on)
                if unit is None or unit.level != event.level:
                    raise Refused("session.unit_not_there", unit=event.unit, held_on=event.held_on)
                self._check_field(event.field, event.held_on)
                return ScheduleSession(appointment=Appointment(held_on=event.held_on))
            case SessionOpened():
                return self._opened(logged, event)
            case AttendanceRecorded():
                return RecordAttendance(
                    group=event.group, attendances=event.attendances, basis=event.basis
                )
            case OpinionRaised():
                self._check_field(event.field_of_opinion, event.held_on)
                return RaiseOpinion(**{name: getattr(event, name) for name in _RAISED})
            case AnswerGivenOnSpot():
                return AnswerOnSpot(opinion_id=event.opinion_id, outcome=event.outcome)
            case SessionEnded():
                return EndSession(speaking_turns=event.speaking_turns)
            case ConclusionIssued():
                return self._concluded(logged, event)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def is_ruled(self, name: str) -> bool:
        """Tell whether a field, or the code of a refusal, depends on the province's file."""
        return name in _RULED

    def note(self, logged: Logged) -> Iterator[Finding]:
        """Remember the numbers of notices, each of which is given once a year and unit."""
        event = logged.event
        if isinstance(event, ConclusionIssued):
            self._numbers.setdefault(_number_of(event), event.session_id)
        yield from ()

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
        return OpenSession(
            chair=event.chair,
            head_present=event.head_present,
            today=logged.occurred_on,
            backdating_max_days=self._backdating(logged.occurred_on),
        )

    def _concluded(self, logged: Logged, event: ConclusionIssued) -> IssueConclusion:
        province = self.premises.ruled_by()
        conclusion_id = derived_id("conclusion", province.slug, event.session_id)
        holder = self._numbers.get(_number_of(event))
        return IssueConclusion(
            conclusion_id=conclusion_id,
            number=tidy_number(event.number),
            is_number_free=holder in {None, event.session_id},
            issued_on=event.issued_on,
            signer=event.signer,
            commitments=tuple(
                _proposed(province, each, event.issued_on, conclusion_id, place)
                for place, each in enumerate(event.commitments, start=1)
            ),
            today=logged.occurred_on,
            backdating_max_days=self._backdating(logged.occurred_on),
        )

    def _check_field(self, key: str | None, on: date) -> None:
        """Raise Refused `province.unknown_field` for one that isn't a field on that day."""
        if key is not None:
            self.premises.ruled_by().field(key, on)

    def _backdating(self, today: date) -> int:
        rule = self.premises.ruled_by().regulation.rule("backdating_max_days", today)
        return rule.as_count()


_RULED = frozenset(
    {
        "level",
        "session.trigger_unknown",
        "session.unit_not_there",
        "session.opened_too_late",
        "session.issued_too_long_ago",
        "session.commitment_field_unknown",
        "session.agency_unknown",
        "session.agency_not_competent",
    }
)
_RAISED = tuple(RaiseOpinion.__dataclass_fields__)


def _number_of(event: ConclusionIssued) -> tuple[str, int, str]:
    return event.unit, event.issued_on.year, event.number.casefold()


def _level_in(province: Province, unit: str, year: int) -> Level:
    """Return the level of what `unit` names in `year`, the latest where that changes."""
    first_on, last_on = date(year, 1, 1), date(year, 12, 31)
    for each in reversed(province.territory.units.ever(unit)):
        if each.valid_from <= last_on and (each.valid_to is None or each.valid_to >= first_on):
            return each.level
    raise Refused("province.unknown_unit", unit=unit, on=first_on)


def _proposed(
    province: Province, made: Commitment, on: date, conclusion_id: str, place: int
) -> ProposedCommitment:
    return ProposedCommitment(
        commitment_id=derived_id("commitment", conclusion_id, str(place)),
        field=made.field,
        is_field_known=province.fields.on(made.field, on) is not None,
        opinion_ids=made.opinion_ids,
        lead=_named(province, made.lead_agency, on),
        cooperating=tuple(_named(province, key, on) for key in made.cooperating_agencies),
        product=made.product,
        due_on=made.due_on,
    )


def _named(province: Province, key: str, on: date) -> NamedAgency:
    if province.agencies.on(key, on) is not None:
        return NamedAgency(key=key, standing=Standing.COMPETENT)
    is_known = bool(province.agencies.ever(key))
    return NamedAgency(key=key, standing=Standing.NOT_COMPETENT if is_known else Standing.UNKNOWN)
