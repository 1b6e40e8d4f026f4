"""A whole deployment on disc in a second: the story of two provinces, kept as services keep it.

Four databases with their logs, read models, journal, figures, a published report, and
checkpoints after each third of the entries. Every test spoils a copy of it.
"""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from deploy.audit.archive import DatabaseArchive
from deploy.audit.deployment import owners
from deploy.audit.proving.provable import Provable, owned
from deploy.directory import definition_of
from deploy.migrations import upgrade
from services.reporting import computing, figures, publishing
from services.reporting.definition import DEFINITION as REPORTING
from services.reporting.keeping import keep
from services.reporting.questions import question
from services.reporting.statistics import statistic_called, statistics
from shared.adoption import adopt
from shared.contracts.operations import ReferenceAdopted
from shared.contracts.vocabulary import Channel
from shared.eventlog import NOTHING, Draft, Entry, EventLog
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.tiles import bundles_of, encode_bundle, tiles_of
from shared.provinces import load_provinces
from shared.runtime import open_ledger, open_runtime
from shared.settings import SERVICES, Settings
from shared.store import Store
from shared.vault import create_key_file
from tests.deploy.audit.story import DEPLOYMENT, MONDAY, Story, ha_noi
from tests.deploy.commands import Ended, called
from tests.services.opened import PROVINCES

PERIOD = (date(2019, 1, 1), date(2019, 12, 31))
ROUNDS = 3
"""How often each log is signed while it grows."""


def tell(story: Story, name: str, opinions: int) -> None:
    """Let everything happen that the services record; ids begin with `name`."""
    story.today = MONDAY
    for number in range(opinions):
        channel = list(Channel)[number % len(Channel)]
        story.receive(f"{name}-{number}", channel=channel)
    first, second, third = (f"{name}-{number}" for number in range(3))
    for each in (first, second, third):
        story.accept(each)
    late = story.refer(first)
    story.take_on(late)
    story.plan(f"{name}-s")
    story.later(1)
    story.schedule(second, f"{name}-s")
    story.open(f"{name}-s")
    story.submit(late)
    story.release(late)
    story.raise_(f"{name}-s", f"{name}-r")
    story.answer_on_spot(f"{name}-s", f"{name}-r")
    story.end(f"{name}-s")
    promised = story.conclude(f"{name}-s", second, number=f"{sum(name.encode())}/TB")
    story.take_on(promised)
    story.submit(promised)
    story.later(2)
    story.release(promised)
    story.take_on(story.refer(third))


def stories(opinions: int = 270) -> list[Story]:
    """Return a large province, whose intake fills a tile, and a small one."""
    large, small = Story(), Story(province=replace(ha_noi(), slug="ha-nam"))
    tell(large, "h", opinions)
    tell(small, "n", 6)
    return [large, small]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """The data folder of a deployment that is stopped."""

    folder: Path
    databases: Mapping[str, str] = field(default_factory=dict)
    """Addresses of those on a server, by service; the others are files in the folder."""

    @property
    def environment(self) -> dict[str, str]:
        """What the deployment is told."""
        return {
            "DOITHOAI_DATA": str(self.folder),
            "DOITHOAI_DEPLOYMENT": DEPLOYMENT,
            "DOITHOAI_PROVINCES": str(self.folder / "provinces"),
            **{f"DOITHOAI_{name.upper()}_DATABASE": url for name, url in self.databases.items()},
        }

    @property
    def settings(self) -> Settings:
        """The deployment, as its environment describes it."""
        return Settings.from_environment(self.environment)

    def audit(self, *arguments: str) -> Ended:
        """Return how `doithoai audit …` ended, called within this process."""
        return called(self.environment, "audit", *arguments)

    def logs(self) -> list[Provable]:
        """Return every log, by origin."""
        with owners(self.settings) as archives:
            return [owned(each) for each in archives if isinstance(each, DatabaseArchive)]

    def copied(self, to: Path) -> "Deployed":
        """Return a copy that a test may spoil."""
        return Deployed(folder=Path(shutil.copytree(self.folder, to)))

    def spoil(self, service: str, *statements: str, **values: object) -> None:
        """Change a service's database behind its triggers, as who owns it can."""
        engine = sa.create_engine(self.settings.database_url(service))
        with engine.begin() as connection:
            if service in self.databases:
                connection.exec_driver_sql("SET session_replication_role = replica")
            else:
                find = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                for name in connection.scalars(find).all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(sa.text(statement), values)
        engine.dispose()

    def exported(self, to: Path) -> Path:
        """Return a folder with every log that is signed, in tlog-tiles."""
        with owners(self.settings) as archives:
            for archive in archives:
                if isinstance(archive, DatabaseArchive) and archive.checkpoint():
                    export(owned(archive), to)
        return to


def export(archive: Provable, to: Path) -> Path:
    """Write the log below `to` as far as it is signed; return its folder."""
    folder = to / archive.origin
    note = archive.checkpoint()
    assert note is not None
    size = int(note.split(b"\n")[1])
    entries = list(archive.entries(0, size))
    files = {tile.path: archive.tile(tile) or b"" for tile in tiles_of(size)}
    for bundle in bundles_of(size):
        here = slice(bundle.positions.start, bundle.positions.stop)
        files[bundle.path] = encode_bundle(entries[here])
    files["keys"] = "".join(f"{key}\n" for key in archive.stated_keys()).encode()
    files["handovers"] = archive.handovers()
    files["checkpoint"] = note
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def deploy(
    folder: Path,
    told: Sequence[Story],
    *,
    publishes: bool = True,
    databases: Mapping[str, str] | None = None,
) -> Deployed:
    """Keep what the stories tell in the databases of a deployment in `folder`."""
    deployed = Deployed(folder=folder, databases=databases or {})
    shutil.copytree(PROVINCES, folder / "provinces")
    settings = deployed.settings
    settings.vault_key_file.parent.mkdir()
    create_key_file(settings.vault_key_file)
    create_key_file(settings.secret_file)
    upgrade(settings)
    provinces = [story.province.slug for story in told]
    kept: list[Entry] = []
    for service in SERVICES[:3]:
        kept += _keep_service(settings, service, provinces, told)
    _keep_reporting(settings, provinces, kept, publishes=publishes)
    return deployed


def _keep_service(
    settings: Settings, service: str, provinces: Sequence[str], told: Sequence[Story]
) -> list[Entry]:
    now = ["2019-01-01T00:00:00.000000Z"]
    definition = definition_of(service)
    store = Store(settings.database_url(service))
    try:
        ledger = open_ledger(definition, settings, store, provinces)
        files = load_provinces(settings.provinces)
        for slug, log in ledger.logs.items():
            log.clock = lambda: datetime.fromisoformat(now[0])
            adopt(log, definition.references, (*files[slug].files, *definition.own_files()))
        checkpointer = Checkpointer(ledger, settings.log_keys)
        for turn in range(ROUNDS):
            for story in told:
                log = ledger.log(story.province.slug)
                entries = _entries(story, service)
                share = -(-len(entries) // ROUNDS)
                _append(log, entries[turn * share : (turn + 1) * share], now)
            checkpointer.turn(at_once=True)
        return [entry for log in ledger.logs.values() for entry in log.read(NOTHING)]
    finally:
        store.close()


def _append(log: EventLog, entries: Iterable[Entry], now: list[str]) -> None:
    with log.store.write() as tx:
        for entry in entries:
            recorded = entry.recorded()
            now[0] = recorded.time
            draft = Draft(
                id=recorded.event_id,
                stream=recorded.stream,
                event=recorded.event,
                actor=recorded.actor,
                occurred_at=recorded.occurred_at,
                correlation_id=recorded.correlation_id,
                causation_id=recorded.causation_id,
                references=entry.document.get("references"),
            )
            log.append(tx, [draft])


def _keep_reporting(
    settings: Settings, provinces: Sequence[str], kept: Sequence[Entry], *, publishes: bool
) -> None:
    opened = open_runtime(REPORTING, settings)
    try:
        for _, entries in groupby(kept, lambda entry: entry.origin):
            with opened.store.write() as tx:
                keep(tx, list(entries))
        for statistic in statistics().values():
            figures.bring_up(opened.store, statistic)
        asked = question(
            statistic_called("sessions"),
            provinces=[provinces[0]],
            period_from=PERIOD[0],
            period_to=PERIOD[1],
            by=["unit"],
        )
        if publishes:
            announced = publishing.announcement(asked, computing.newest(opened, asked))
            draft = Draft(
                id="published",
                stream=f"report-{announced.report_id}",
                event=announced,
                actor="mttq/thu-ky",
                occurred_at="2020-01-01T00:00:00.000000Z",
            )
            with opened.store.write() as tx:
                opened.ledger.log(provinces[0]).append(tx, [draft])
        Checkpointer(opened.ledger, settings.log_keys).turn(at_once=True)
    finally:
        opened.close()


def _entries(story: Story, service: str) -> list[Entry]:
    """Return what the story tells of the service; it adopts its files as it is opened."""
    archive = story.logs.get(service)
    contents = archive.contents if archive else []
    entries = (Entry(story.origin(service), at, content) for at, content in enumerate(contents))
    return [entry for entry in entries if entry.document["type"] != ReferenceAdopted.__name__]
