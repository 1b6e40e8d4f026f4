"""A service with three logs, a small decider and a small read model, to test the log with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from shared.adoption import reference_tables
from shared.contracts.intake import OpinionAccepted
from shared.contracts.vocabulary import Channel, Level, OpinionKind
from shared.eventlog import Draft, EventLog, Ledger, Recorded, Task, log_tables
from shared.eventlog.log import ReadModel
from shared.kernel.clock import Clock, system_clock
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused
from shared.kernel.ids import derived_id
from shared.store import Store

PROVINCES = ("ha-nam", "ha-noi", "ninh-binh")
NOON = datetime(2021, 3, 1, 5, tzinfo=UTC)
VOICES_MAX = 9

METADATA = sa.MetaData()
TABLES = log_tables(METADATA)
REFERENCES = reference_tables(METADATA)
SEEN = sa.Table(
    "seen",
    METADATA,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.CheckConstraint("event_id <> 'unreadable'"),
)


def see(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Keep where each event lies."""
    connection.execute(
        SEEN.insert(),
        [
            {"event_id": each.event_id, "origin": each.origin, "position": each.position}
            for each in recorded
        ],
    )


def seen(store: Store) -> list[tuple[str, int, str]]:
    """Return what the read model keeps: origin, position, event id, in order."""
    query = sa.select(SEEN.c.origin, SEEN.c.position, SEEN.c.event_id)
    with store.read() as connection:
        rows = connection.execute(query.order_by(SEEN.c.origin, SEEN.c.position))
        return [(row.origin, row.position, row.event_id) for row in rows]


@dataclass(slots=True)
class Dial:
    """A clock that a test sets."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def turn(self, **span: float) -> None:
        """Go forward, or back."""
        self.now += timedelta(**span)


@dataclass(slots=True, kw_only=True)
class Opened:
    """The service, open on one database."""

    url: str
    dial: Dial = field(default_factory=Dial)
    store: Store = field(init=False)
    ledger: Ledger = field(init=False)
    heard: list[Recorded] = field(default_factory=list)
    """What the read model was given, committed or not."""

    def __post_init__(self) -> None:
        """Open it, as its first replica."""
        self.store = Store(self.url)
        METADATA.create_all(self.store.engine)
        self.ledger = open_ledger(self.store, clock=self.dial, read_model=self.hear)

    def hear(self, connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
        """Be the read model."""
        self.heard += recorded
        see(connection, recorded)

    @property
    def log(self) -> EventLog:
        """One of its logs."""
        return self.ledger.log("ha-noi")


def open_ledger(
    store: Store,
    *,
    clock: Clock = system_clock,
    provinces: Sequence[str] = PROVINCES,
    read_model: ReadModel = see,
) -> Ledger:
    """Return the service's logs."""
    return Ledger(
        service="intake",
        deployment="doithoai.test",
        store=store,
        tables=TABLES,
        read_model=read_model,
        clock=clock,
        provinces=provinces,
    )


def accepted(opinion_id: str, voices: int = 1) -> OpinionAccepted:
    """Return an event about an opinion."""
    return OpinionAccepted(
        opinion_id=opinion_id,
        unit="ba-dinh",
        level=Level.DISTRICT,
        field="giao-duc",
        opinion_kind=OpinionKind.PROPOSAL,
        channel=Channel.SESSION,
        organisation="mttq-ba-dinh",
        voices=voices,
        received_on=date(2021, 3, 1),
    )


def draft(
    name: str, *, stream: str | None = None, expected_version: int | None = None, voices: int = 1
) -> Draft:
    """Return an event for the stream of the opinion called `name`, under an id of its own."""
    return Draft(
        id=derived_id("draft", name),
        stream=stream or f"opinion-{name}",
        event=accepted(name, voices),
        actor="test/writer",
        occurred_at="2021-03-01T05:00:00.000000Z",
        expected_version=expected_version,
    )


def append(opened: Opened, *drafts: Draft, province: str = "ha-noi") -> list[int]:
    """Append in a transaction of its own; return the positions."""
    with opened.store.write() as tx:
        return [place.position for place in opened.ledger.log(province).append(tx, drafts)]


def count_up(command: int, state: int) -> Sequence[OpinionAccepted]:
    """Decide: `command` events, each with the number of voices so far; never beyond 9."""
    if state + command > VOICES_MAX:
        raise Refused("test.too_many", voices=state + command)
    return [accepted("counted", voices=state + number + 1) for number in range(command)]


COUNTER: Decider[int, int, OpinionAccepted] = Decider(
    initial=0, decide=count_up, evolve=lambda _state, event: event.voices
)


def task(
    name: str, command: int = 1, *, stream: str = "counted", expected_version: int | None = None
) -> Task[int]:
    """Return the command called `name`: raise the stream's counter by `command`."""
    return Task(
        stream=stream,
        command=command,
        command_id=derived_id("command", name),
        actor="test/commander",
        at=NOON,
        expected_version=expected_version,
    )
