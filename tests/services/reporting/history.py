"""What the other services recorded, written entry by entry, and figures read back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from services.reporting.counting import Cells, count
from services.reporting.journal import Kept
from services.reporting.statistics import Statistic, statistic_called
from shared.contracts import Event
from shared.contracts.intake import (
    OpinionAnswered,
    OpinionBecameOverdue,
    OpinionDeclined,
    OpinionDimensions,
    OpinionReceived,
    OpinionScheduled,
    OpinionUnscheduled,
    SessionResultsDeclared,
)
from shared.contracts.sessions import AttendanceRecorded, SessionDimensions, SessionEnded
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    AttendanceBasis,
    Channel,
    DeclineReason,
    Level,
    Mode,
    OpinionKind,
    Outcome,
    SessionKind,
    UnscheduleReason,
    Visibility,
)
from shared.eventlog import Draft, Entry
from shared.eventlog.entry import entry_bytes
from shared.kernel.ids import derived_id

RECEIVED_ON = date(2019, 3, 1)
HELD_ON = date(2019, 4, 10)
DUE_ON = date(2020, 1, 20)
TEXT = TextRef(text_id="t", owner="intake", commitment="00", visibility=Visibility.RESTRICTED)
OWNER = {
    "AssignmentDimensions": "assignment",
    "OpinionDimensions": "intake",
    "SessionResultsDeclared": "intake",
    "SentimentReported": "intake",
    "SessionDimensions": "sessions",
    "ObligationDimensions": "sessions",
}


def opinion(**changes: Any) -> OpinionDimensions:
    values: dict[str, Any] = {
        "opinion_id": "o-1",
        "unit": "phuong-thanh-cong",
        "level": Level.COMMUNE,
        "field": "environment",
        "opinion_kind": OpinionKind.REFLECTION,
        "channel": Channel.DIRECT,
        "organisation": "mttq-ba-dinh",
        "voices": 1,
        "received_on": RECEIVED_ON,
    }
    return OpinionDimensions(**(values | changes))


def at_session(dimensions: OpinionDimensions, **changes: Any) -> OpinionDimensions:
    values: dict[str, Any] = {
        "session_id": "s-1",
        "session_kind": SessionKind.PERIODIC,
        "held_on": HELD_ON,
    }
    return replace(dimensions, **(values | changes))


def values_of(dimensions: Any) -> dict[str, Any]:
    return {name: getattr(dimensions, name) for name in dimensions.__dataclass_fields__}


def received(dimensions: OpinionDimensions) -> OpinionReceived:
    return OpinionReceived(**values_of(dimensions), receipt="R-1", text=TEXT)


def scheduled(dimensions: OpinionDimensions) -> OpinionScheduled:
    return OpinionScheduled(**values_of(dimensions))


def unscheduled(dimensions: OpinionDimensions) -> OpinionUnscheduled:
    reason = UnscheduleReason.SESSION_NOT_OPEN
    return OpinionUnscheduled(**values_of(dimensions), reason=reason)


def declined(dimensions: OpinionDimensions) -> OpinionDeclined:
    return OpinionDeclined(**values_of(dimensions), reason=DeclineReason.UNCLEAR)


def answered(dimensions: OpinionDimensions, **changes: Any) -> OpinionAnswered:
    values: dict[str, Any] = {
        "outcome": Outcome.EXPLAINED,
        "answered_on": date(2020, 1, 15),
        "on_the_spot": False,
        "round": 1,
        "agency": "ubnd-ba-dinh",
        "due_on": DUE_ON,
        "was_overdue": False,
    }
    return OpinionAnswered(**values_of(dimensions), **(values | changes))


def overdue(dimensions: OpinionDimensions, **changes: Any) -> OpinionBecameOverdue:
    values: dict[str, Any] = {"agency": "ubnd-ba-dinh", "due_on": DUE_ON, "round": 1}
    return OpinionBecameOverdue(**values_of(dimensions), **(values | changes))


def session(**changes: Any) -> SessionDimensions:
    values: dict[str, Any] = {
        "session_id": "s-1",
        "unit": "phuong-thanh-cong",
        "level": Level.COMMUNE,
        "session_kind": SessionKind.PERIODIC,
        "mode": Mode.IN_PERSON,
    }
    return SessionDimensions(**(values | changes))


def ended(dimensions: SessionDimensions, held_on: date = HELD_ON) -> SessionEnded:
    return SessionEnded(**values_of(dimensions), held_on=held_on)


def attended(
    dimensions: SessionDimensions, attendances: int, before: int = 0, held_on: date = HELD_ON
) -> AttendanceRecorded:
    return AttendanceRecorded(
        **values_of(dimensions),
        held_on=held_on,
        group="residents",
        attendances=attendances,
        attendances_before=before,
        basis=AttendanceBasis.COUNTED,
    )


def results(**changes: Any) -> SessionResultsDeclared:
    values: dict[str, Any] = {
        "declaration_id": derived_id("d", repr(sorted(changes.items(), key=str))),
        "scope": "unit",
        "territory_scheme": "2025-01",
        "unit_level": Level.DISTRICT,
        "unit_code": "001",
        "unit_name": "quận Ba Đình",
        "period_label": "2017-2021",
        "source": "bài báo",
        "level": Level.DISTRICT,
        "session_kind": SessionKind.PERIODIC,
        "period_from": date(2017, 1, 1),
        "period_to": date(2021, 12, 31),
    }
    return SessionResultsDeclared(**(values | changes))


def entry(origin: str, position: int, event: Event | Mapping[str, Any], **changes: Any) -> Entry:
    """Return an entry as its log would write it; `changes` spoil its envelope."""
    is_known = not isinstance(event, Mapping)
    draft = Draft(
        id=derived_id(origin, str(position)),
        stream=f"stream-{position}",
        event=cast(Event, event) if is_known else ended(session()),
        actor="test/seat",
        occurred_at="2020-01-01T00:00:00.000000Z",
    )
    envelope = draft.envelope(origin)
    if not is_known:
        envelope |= cast(Mapping[str, Any], event)
    time = f"2020-01-01T00:{position // 60 % 60:02d}:{position % 60:02d}.{position:06d}Z"
    if position >= 3_600:
        time = f"2020-01-02T00:00:00.{position:06d}Z"
    envelope |= changes
    time = envelope.pop("time", time)
    return Entry(origin, position, entry_bytes(envelope, time=time, version=0))


@dataclass(slots=True)
class History:
    """Logs of one province that grow by a call."""

    province: str = "ha-noi"
    deployment: str = "test.local"
    logs: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def record(self, *events: Event) -> "History":
        for event in events:
            names = {each.__name__ for each in type(event).__mro__}
            owner = next(owner for name, owner in OWNER.items() if name in names)
            self.record_in(owner, event)
        return self

    def record_in(self, owner: str, event: Event | Mapping[str, Any]) -> None:
        origin = f"{self.deployment}/{self.province}/{owner}"
        self.logs[origin].append(entry(origin, len(self.logs[origin]), event))

    @property
    def entries(self) -> list[Entry]:
        return [each for log in self.logs.values() for each in log]


def kept(entries: Iterable[Entry]) -> list[Kept]:
    return [
        Kept(
            origin=each.origin,
            position=each.position,
            event_id=each.document["id"],
            type=each.document["type"],
            schema_version=each.document["schemaversion"],
            time=each.document["time"],
            content=each.content,
            leaf=each.leaf,
        )
        for each in entries
    ]


def of_types(statistic: Statistic, entries: Iterable[Entry]) -> list[Kept]:
    return [row for row in kept(entries) if row.type in statistic.types]


def sums(*events: Event, statistic: str = "sessions") -> dict[tuple[Any, ...], int]:
    """Return (day, session kind, measure) → sum of what `events` add up to."""
    counted = statistic_called(statistic)
    cells = count(counted, of_types(counted, History().record(*events).entries))
    found: Counter[tuple[Any, ...]] = Counter()
    for cell, amount in cells.items():
        found[cell.day, cell.cell[-1], cell.measure] += amount
    return dict(found)


def added(parts: Sequence[Cells]) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for part in parts:
        found.update(part)
    return {cell: amount for cell, amount in found.items() if amount}
