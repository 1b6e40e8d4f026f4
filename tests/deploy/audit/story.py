"""A small history told in memory: the deciders and policies of the services, and no database.

What `ask` appends is what the services would record; other services react at once. `forge`
appends whatever a liar with access to the log would: nobody decides it, nobody reacts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from deploy.audit.archive import Archive
from services.assignment import policy as assignment_policy
from services.assignment.commands import (
    AcceptAssignment,
    NoticeDeadline,
    ReleaseAnswer,
    SubmitAnswer,
)
from services.assignment.decider import DECIDER
from services.assignment.terms import commitment_assignment_id, referral_assignment_id
from services.intake.commands import (
    AcceptOpinion,
    ReceiveOpinion,
    ReferOpinion,
    ScheduleOpinion,
)
from services.intake.decider import OPINION
from services.intake.policy import react as react_in_intake
from services.intake.receipt import receipt_number
from services.intake.states import values_of
from services.sessions.commands import (
    AnswerOnSpot,
    Appointment,
    EndSession,
    OpenSession,
    PlanSession,
    RaiseOpinion,
    RecordAttendance,
    ScheduleSession,
)
from services.sessions.conclusion_commands import (
    IssueConclusion,
    NamedAgency,
    ProposedCommitment,
    Standing,
)
from services.sessions.decider import SESSION
from services.sessions.policy import react as react_in_sessions
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.intake import OpinionDimensions
from shared.contracts.sessions import SessionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    Channel,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    ReferenceKind,
    SessionKind,
    TextRefusal,
    Visibility,
)
from shared.eventlog import Draft, Entry, Recorded, reaction
from shared.eventlog.entry import entry_bytes
from shared.kernel.clock import CIVIL_ZONE, rfc3339
from shared.kernel.decider import Decider
from shared.kernel.ids import derived_id
from shared.provinces import Province, load_province
from shared.references import stream_of
from tests.services.opened import PROVINCES

DEPLOYMENT = "test.local"
MONDAY = date(2019, 3, 4)
HELD_ON = date(2019, 4, 10)
ISSUED_ON = date(2019, 4, 12)
DUE_ON = date(2019, 5, 10)
TEXT = TextRef(text_id="t", owner="intake", commitment="00", visibility=Visibility.RESTRICTED)
ANSWER = replace(TEXT, owner="assignment")
PRODUCT = TextRef(text_id="p", owner="sessions", commitment="00", visibility=Visibility.PUBLIC)
RECEIVER, SCREENER = "mttq/can-bo", "mttq/lanh-dao"
CLERK, HEAD = "tnmt/van-thu", "tnmt/truong-phong"


def text_of(opinion_id: str) -> TextRef:
    """Return the reference to an opinion's own text."""
    return replace(TEXT, text_id=f"t-{opinion_id}")


@dataclass(slots=True)
class MemoryArchive:
    """A log that lies in memory."""

    origin: str
    contents: list[bytes] = field(default_factory=list)

    def size(self) -> int:
        return len(self.contents)

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        yield from self.contents[first:end]

    def checkpoint(self) -> bytes | None:
        return None


@cache
def ha_noi() -> Province:
    return load_province(PROVINCES / "ha-noi.toml")


def newer(province: Province) -> Province:
    """Return `province` as a later version of its file describes it: in the same words."""
    own, *others = province.files
    changed = replace(own, content=own.content + b"\n")
    return replace(province, sha256=changed.sha256, files=(changed, *others))


@dataclass(slots=True)
class Story:
    """What four services of one province have recorded."""

    province: Province = field(default_factory=ha_noi)
    logs: dict[str, MemoryArchive] = field(default_factory=dict)
    today: date = MONDAY
    _states: dict[str, Any] = field(default_factory=dict)
    _versions: dict[tuple[str, str], int] = field(default_factory=dict)
    _asked: int = 0
    standing: assignment_policy.Standing = field(default_factory=assignment_policy.Standing)
    quiet: bool = False
    """Whether nobody reacts."""

    @property
    def archives(self) -> list[Archive]:
        return [*self.logs.values()]

    @property
    def provinces(self) -> dict[str, Province]:
        return {self.province.slug: self.province}

    def origin(self, service: str) -> str:
        return f"{DEPLOYMENT}/{self.province.slug}/{service}"

    def recorded(self, service: str) -> list[Recorded]:
        archive = self.logs[service]
        return [
            Entry(archive.origin, position, content).recorded()
            for position, content in enumerate(archive.contents)
        ]

    def last(self, service: str, event_type: type[Event]) -> Recorded:
        return [each for each in self.recorded(service) if isinstance(each.event, event_type)][-1]

    def ask(
        self, service: str, stream: str, command: Any, *, actor: str = RECEIVER, **more: Any
    ) -> list[Event]:
        """Let `command` be decided and recorded today, and everybody react."""
        decider = DECIDERS[service]
        state = self._states.get(stream, decider.initial)
        events = list(decider.decide(command, state))
        self._asked += 1
        command_id = more.get("command_id") or f"c-{self._asked}"
        recorded = []
        for number, event in enumerate(events):
            self._states[stream] = decider.evolve(self._states.get(stream, decider.initial), event)
            event_id = derived_id(command_id, str(number))
            how = {"stream": stream, "actor": actor, "event_id": event_id}
            recorded.append(self.append(service, event, **how, **more))
        for each in () if self.quiet else recorded:
            for listener in DECIDERS:
                self.hear(listener, each)
        return events

    def append(self, service: str, event: Event, *, stream: str, **changes: Any) -> Recorded:
        """Append `event` as the log would; `changes` are of its envelope."""
        origin = self.origin(service)
        if service not in self.logs:
            self._open(service)
        log = self.logs[service]
        now = rfc3339(datetime.combine(self.today, time(9), CIVIL_ZONE))
        version = changes.get("version")
        if version is None:
            version = self._versions.get((service, stream), -1) + 1
        self._versions[service, stream] = version
        draft = Draft(
            id=changes.get("event_id") or f"{service}-{log.size()}",
            stream=stream,
            event=event,
            actor=changes.get("actor") or RECEIVER,
            occurred_at=changes.get("occurred_at") or now,
            causation_id=changes.get("causation_id"),
            references=changes.get("references"),
        )
        content = entry_bytes(
            draft.envelope(origin), time=changes.get("time") or now, version=version
        )
        log.contents.append(content)
        return Entry(origin, log.size() - 1, content).recorded()

    def _open(self, service: str) -> None:
        """Begin a log as a service does: with the files that decide in it."""
        self.logs[service] = MemoryArchive(self.origin(service))
        for file in self.province.files:
            stream = stream_of(file.name)
            self.append(service, file.adoption(), stream=stream, actor=f"service:{service}")

    def forge(self, like: Recorded, event: Event, **changes: Any) -> tuple[str, int]:
        """Append `event` in the manner of `like`; return where it lies."""
        service = like.origin.rpartition("/")[2]
        values = {
            "stream": like.stream,
            "actor": like.actor,
            "causation_id": like.causation_id,
            "occurred_at": like.occurred_at if like.causation_id else None,
            **changes,
        }
        forged = self.append(service, event, **values)
        return forged.origin, forged.position

    def forget(self, gone: Recorded) -> None:
        """Cut every log before `gone`, and before whatever followed from it."""
        service = gone.origin.rpartition("/")[2]
        del self.logs[service].contents[gone.position :]
        while cut := self._without_cause():
            service, position = cut
            del self.logs[service].contents[position:]
        self._versions = {
            (name, each.stream): each.version for name in self.logs for each in self.recorded(name)
        }

    def _without_cause(self) -> tuple[str, int] | None:
        ids = {each.event_id for name in self.logs for each in self.recorded(name)}
        for name in self.logs:
            for each in self.recorded(name):
                if each.causation_id not in {None, *ids}:
                    return name, each.position
        return None

    def references_of(self, recorded: Recorded) -> str | None:
        """Return the versions that an event of an assignment names."""
        is_issue = isinstance(recorded.event, AssignmentIssued)
        return self.province.references(*ReferenceKind) if is_issue else None

    def dimensions(self, opinion_id: str) -> dict[str, Any]:
        """Return what an opinion's next event carries."""
        return values_of(self._states[f"opinion-{opinion_id}"].dimensions)

    def hear(
        self, service: str, cause: Recorded, *, text_refused: TextRefusal | None = None
    ) -> None:
        """Let one service react to `cause`, with what it says of a text that comes with it."""
        match service:
            case "intake":
                for opinion_id, command in react_in_intake(cause.event, text_refused):
                    self._carry_out(cause, command, service, "opinion", opinion_id)
            case "sessions":
                for session_id, asked in react_in_sessions(cause.event):
                    self._carry_out(cause, asked, service, "session", session_id)
            case _:
                version = self.province.references(*ReferenceKind)
                for assignment_id, issue in assignment_policy.react(
                    cause.event, self.province, self.standing
                ):
                    self.standing.note(issue, assignment_id)
                    self._carry_out(
                        cause, issue, service, service, assignment_id, references=version
                    )

    def _carry_out(  # noqa: PLR0917 - who reacts to what
        self,
        cause: Recorded,
        command: Any,
        service: str,
        kind: str,
        subject: str,
        references: str | None = None,
    ) -> None:
        task = reaction(
            cause,
            command,
            service=service,
            subject=subject,
            stream=f"{kind}-{subject}",
            references=references,
        )
        self.ask(
            service,
            task.stream,
            task.command,
            actor=task.actor,
            command_id=task.command_id,
            causation_id=task.causation_id,
            occurred_at=rfc3339(task.at),
            references=task.references,
        )

    # What people do.

    def receive(self, opinion_id: str, **changes: Any) -> None:
        self.receive_row(opinion_id, None, None, **changes)

    def receive_row(
        self, opinion_id: str, digest_id: str | None, row: int | None, **changes: Any
    ) -> None:
        dimensions = OpinionDimensions(
            opinion_id=opinion_id,
            unit="thanh-cong",
            level=Level.COMMUNE,
            field="environment",
            opinion_kind=OpinionKind.REFLECTION,
            channel=Channel.DIRECT,
            organisation="mttq-thanh-cong",
            voices=3,
            received_on=self.today,
        )
        command = ReceiveOpinion(
            dimensions=replace(dimensions, **changes),
            receipt=receipt_number(opinion_id),
            text=text_of(opinion_id),
            entered_by=RECEIVER,
            today=self.today,
            backdating_max_days=30,
            digest_id=digest_id,
            row=row,
        )
        self.ask("intake", f"opinion-{opinion_id}", command)

    def accept(self, opinion_id: str) -> None:
        command = AcceptOpinion(seat=SCREENER, by_another_seat=True, on=self.today)
        self.ask("intake", f"opinion-{opinion_id}", command, actor=SCREENER)

    def refer(self, opinion_id: str, agency: str | None = None) -> str:
        """Refer the opinion; return its assignment."""
        command = ReferOpinion(referred_on=self.today, agency=agency)
        self.ask("intake", f"opinion-{opinion_id}", command)
        return referral_assignment_id(opinion_id, 1)

    def schedule(self, opinion_id: str, session_id: str) -> None:
        command = ScheduleOpinion(
            session_id=session_id,
            session_kind=SessionKind.PERIODIC,
            held_on=HELD_ON,
            session_unit="thanh-cong",
            session_level=Level.COMMUNE,
            on=self.today,
        )
        self.ask("intake", f"opinion-{opinion_id}", command)

    def meet(self, session_id: str, command: Any, **how: Any) -> None:
        self.ask("sessions", f"session-{session_id}", command, **how)

    def plan(self, session_id: str) -> None:
        dimensions = SessionDimensions(
            session_id=session_id,
            unit="thanh-cong",
            level=Level.COMMUNE,
            session_kind=SessionKind.PERIODIC,
            mode=Mode.IN_PERSON,
        )
        plan = PlanSession(
            dimensions=dimensions, planned_year=2019, trigger=None, adhoc_triggers=()
        )
        self.meet(session_id, plan)
        self.meet(session_id, ScheduleSession(appointment=Appointment(held_on=HELD_ON)))

    def open(self, session_id: str) -> None:
        self.today = max(self.today, HELD_ON)
        begun = OpenSession(
            chair="thanh-cong/chu-tich", head_present=True, today=self.today, backdating_max_days=30
        )
        self.meet(session_id, begun)
        came = RecordAttendance(group="residents", attendances=80, basis=AttendanceBasis.COUNTED)
        self.meet(session_id, came)

    def raise_(self, session_id: str, opinion_id: str, text: TextRef | None = None) -> None:
        raised = RaiseOpinion(
            opinion_id=opinion_id,
            field_of_opinion="environment",
            opinion_kind=OpinionKind.PROPOSAL,
            voices=1,
            text=text or text_of(opinion_id),
        )
        self.meet(session_id, raised)

    def answer_on_spot(self, session_id: str, opinion_id: str) -> None:
        self.meet(session_id, AnswerOnSpot(opinion_id=opinion_id, outcome=Outcome.EXPLAINED))

    def end(self, session_id: str) -> None:
        self.meet(session_id, EndSession(speaking_turns=4))

    def conclude(self, session_id: str, *opinion_ids: str, number: str = "12/TB") -> str:
        """Conclude with one commitment; return its assignment."""
        self.today = max(self.today, ISSUED_ON)
        conclusion_id = derived_id("conclusion", self.province.slug, session_id)
        commitment_id = derived_id("commitment", conclusion_id, "1")
        lead = NamedAgency(key="tnmt-ba-dinh", standing=Standing.COMPETENT)
        made = ProposedCommitment(
            commitment_id=commitment_id,
            field="environment",
            is_field_known=True,
            opinion_ids=opinion_ids,
            lead=lead,
            cooperating=(NamedAgency(key="ubnd-ba-dinh", standing=Standing.COMPETENT),),
            product=PRODUCT,
            due_on=DUE_ON,
        )
        command = IssueConclusion(
            conclusion_id=conclusion_id,
            number=number,
            is_number_free=True,
            issued_on=ISSUED_ON,
            signer="thanh-cong/chu-tich",
            commitments=(made,),
            today=self.today,
            backdating_max_days=30,
        )
        self.meet(session_id, command)
        return commitment_assignment_id(commitment_id)

    def handle(self, assignment_id: str, command: Any, actor: str = CLERK) -> None:
        self.ask("assignment", f"assignment-{assignment_id}", command, actor=actor)

    def terms(self, assignment_id: str) -> AssignmentIssued:
        terms: AssignmentIssued = self._states[f"assignment-{assignment_id}"].matter.issue
        return terms

    def take_on(self, assignment_id: str) -> None:
        agency = self.terms(assignment_id).agency
        self.handle(assignment_id, AcceptAssignment(agency=agency, on=self.today))

    def submit(self, assignment_id: str) -> None:
        agency = self.terms(assignment_id).agency
        command = SubmitAnswer(
            agency=agency, on=self.today, outcome=Outcome.RESOLVED, author=CLERK, text=ANSWER
        )
        self.handle(assignment_id, command)

    def release(self, assignment_id: str) -> None:
        terms = self.terms(assignment_id)
        command = ReleaseAnswer(
            agency=terms.agency,
            on=self.today,
            approver=HEAD,
            calendar=self.province.calendar,
        )
        self.handle(assignment_id, command, actor=HEAD)

    def notice(self, assignment_id: str) -> None:
        self.handle(assignment_id, NoticeDeadline(today=self.today), actor="service:assignment")

    def later(self, days: int) -> None:
        self.today += timedelta(days=days)


DECIDERS: dict[str, Decider[Any, Any, Any]] = {
    "intake": OPINION,
    "sessions": SESSION,
    "assignment": DECIDER,
}


def told() -> Story:
    """Return a story in which everything that can happen has happened.

    o-1 was referred and answered late, o-2 put on the agenda of s-1 and promised, o-3 raised
    there and answered in the room, o-4 is in screening, o-5 on the agenda of s-2, o-6
    referred and submitted.
    """
    story = Story()
    for number in (1, 2, 4, 5, 6):
        story.receive(f"o-{number}")
    for number in (1, 2, 5, 6):
        story.accept(f"o-{number}")
    late = story.refer("o-1")
    story.take_on(late)
    story.plan("s-1")
    story.plan("s-2")
    story.later(1)
    story.schedule("o-2", "s-1")
    story.schedule("o-5", "s-2")
    story.open("s-1")
    story.submit(late)
    story.release(late)
    story.raise_("s-1", "o-3")
    story.answer_on_spot("s-1", "o-3")
    story.end("s-1")
    promised = story.conclude("s-1", "o-2")
    story.take_on(promised)
    story.submit(promised)
    story.later(2)
    story.release(promised)
    other = story.refer("o-6")
    story.take_on(other)
    story.later(1)
    story.submit(other)
    return story
