"""A deployment with one published report, in a second: what is needed to make a bundle of it.

Intake fills a tile and is signed only later, when it is longer than what the report counts;
Sessions is signed at the very size. One declared row rests on the province's file.
"""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from deploy.audit.archive import DatabaseArchive
from deploy.audit.bundle import building, checking, members
from deploy.audit.bundle.checking import Checked
from deploy.audit.deployment import owners
from deploy.audit.proving.trust import Trust
from deploy.directory import definition_of
from deploy.migrations import upgrade
from services.reporting import computing, publishing
from services.reporting.definition import DEFINITION as REPORTING
from services.reporting.keeping import keep
from services.reporting.questions import question
from services.reporting.statistics import statistic_called
from shared import wire
from shared.contracts.intake import SessionResultsDeclared
from shared.contracts.vocabulary import Level
from shared.eventlog import Draft, Entry, EventLog
from shared.eventlog.checkpoint import Checkpoint
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.note import Note
from shared.eventlog.note_key import VerifierKey
from shared.eventlog.proof import leaf_hash
from shared.eventlog.signing_keys import SigningKeys
from shared.eventlog.tlog_proof import TlogProof
from shared.runtime import open_ledger, open_runtime
from shared.settings import SERVICES, Settings
from shared.store import Store
from shared.vault import create_key_file
from tests.deploy.audit.story import DEPLOYMENT, Story, told
from tests.services.opened import PROVINCES

PERIOD = (date(2019, 1, 1), date(2019, 12, 31))
OPINIONS = 260
"""So that Intake's entries need a second file."""
LATER = 5
"""Entries of Intake that the report doesn't count."""
PROVINCE = "ha-noi"
INTAKE = f"{DEPLOYMENT}/{PROVINCE}/intake"
CODED = 'name = "quận Ba Đình", level = "district", scheme = "2025-01"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A deployment that is stopped, with a published report."""

    folder: Path
    report_id: str

    @property
    def environment(self) -> dict[str, str]:
        """What the deployment is told."""
        return {
            "DOITHOAI_DATA": str(self.folder),
            "DOITHOAI_DEPLOYMENT": DEPLOYMENT,
            "DOITHOAI_PROVINCES": str(self.folder / "provinces"),
        }

    @property
    def settings(self) -> Settings:
        """The deployment, as its environment describes it."""
        return Settings.from_environment(self.environment)

    def bundle(self) -> bytes:
        """Return the bundle of the report."""
        file = io.BytesIO()
        with owners(self.settings) as archives:
            logs = [each for each in archives if isinstance(each, DatabaseArchive)]
            building.build(logs, self.report_id, self.settings.provinces, file)
        return file.getvalue()

    def lying(self, bundle: bytes, claimed: bytes, instead: bytes) -> bytes:
        """Return the bundle as the publisher would forge it, who holds Reporting's key."""
        with zipfile.ZipFile(io.BytesIO(bundle)) as old:
            report = old.read(members.REPORT)
        assert claimed in report
        return self.publishing(bundle, report.replace(claimed, instead))

    def publishing(
        self, bundle: bytes, report: bytes, changes: Mapping[str, bytes] | None = None
    ) -> bytes:
        """Return the bundle with another report and other members, signed by Reporting's key."""
        changed = with_members(bundle, changes or {})
        with zipfile.ZipFile(io.BytesIO(changed)) as old:
            query, proof = old.read(members.STATISTIC), TlogProof.parse(old.read(members.PUBLISHED))
        entry = json.loads(proof.extra or b"")
        entry["data"]["report_sha256"] = hashlib.sha256(report).hexdigest()
        entry["data"]["statistic_sha256"] = hashlib.sha256(query).hexdigest()
        content, origin = wire.canonical(entry), entry["source"]
        signers = SigningKeys(self.settings.log_keys, origin).signers()
        checkpoint = Checkpoint(origin=origin, size=1, root=leaf_hash(content))
        note = Note.sign(checkpoint.text, signers, time_s=0).encode()
        forged = TlogProof(index=0, hashes=(), checkpoint=note, extra=content).encode()
        return with_members(changed, {members.REPORT: report, members.PUBLISHED: forged})


def keys_of(bundle: bytes) -> list[str]:
    """Return the keys that the logs state; a test may trust them."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as inside:
        names = [name for name in inside.namelist() if name.endswith("/keys")]
        return [inside.read(name).decode().strip() for name in names]


def checked(path: Path, keys: Iterable[str], *, definitions: Iterable[str] = ()) -> Checked:
    """Return what the project's own check says of the bundle at `path`."""
    trust = Trust(keys=tuple(VerifierKey.parse(key) for key in keys))
    return checking.check(path, trust, definitions=frozenset(definitions))


def with_members(bundle: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return the bundle with members changed, added, or (None) left out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bundle)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as new,
    ):
        contents: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, content in (contents | dict(changes)).items():
            if content is not None:
                new.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


def evidence(folder: Path) -> Evidence:
    """Return a deployment in `folder`, which holds nothing yet."""
    shutil.copytree(PROVINCES, folder / "provinces")
    file = folder / "provinces" / f"{PROVINCE}.toml"
    text = file.read_text(encoding="utf-8")
    assert CODED in text
    file.write_text(text.replace(CODED, f'{CODED}, code = "001"'), encoding="utf-8")
    settings = Evidence(folder=folder, report_id="").settings
    settings.vault_key_file.parent.mkdir()
    create_key_file(settings.vault_key_file)
    create_key_file(settings.secret_file)
    upgrade(settings)
    story = told()
    for number in range(OPINIONS):
        story.receive(f"more-{number}")
    story.append("intake", _declared(), stream="declaration-d-1")
    counted = {service: _entries(story, service) for service in SERVICES[:3]}
    for number in range(LATER):
        story.receive(f"later-{number}")
    for service in SERVICES[:3]:
        later = _entries(story, service)[len(counted[service]) :]
        _keep(settings, service, [*counted[service], *later])
    return Evidence(folder=folder, report_id=_publish(settings, counted))


def _declared() -> SessionResultsDeclared:
    return SessionResultsDeclared(
        declaration_id="d-1",
        scope="unit",
        territory_scheme="2025-01",
        unit_level=Level.DISTRICT,
        unit_code="001",
        unit_name="quận Ba Đình",
        period_label="2019",
        source="Báo cáo năm 2019",
        period_from=PERIOD[0],
        period_to=PERIOD[1],
        opinions=7,
    )


def _entries(story: Story, service: str) -> list[Entry]:
    origin = story.origin(service)
    contents = story.logs[service].contents
    return [Entry(origin, position, content) for position, content in enumerate(contents)]


def _keep(settings: Settings, service: str, entries: list[Entry]) -> None:
    store = Store(settings.database_url(service))
    try:
        ledger = open_ledger(definition_of(service), settings, store, [PROVINCE])
        _append(ledger.log(PROVINCE), entries)
        Checkpointer(ledger, settings.log_keys).turn(at_once=True)
    finally:
        store.close()


def _append(log: EventLog, entries: Iterable[Entry]) -> None:
    with log.store.write() as tx:
        for entry in entries:
            recorded = entry.recorded()
            now = datetime.fromisoformat(recorded.time)
            log.clock = lambda now=now: now  # type: ignore[misc]
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


def _publish(settings: Settings, counted: Mapping[str, list[Entry]]) -> str:
    opened = open_runtime(REPORTING, settings)
    try:
        for entries in counted.values():
            with opened.store.write() as tx:
                keep(tx, entries)
        asked = question(
            statistic_called("sessions"),
            provinces=[PROVINCE],
            period_from=PERIOD[0],
            period_to=PERIOD[1],
            by=["unit", "level"],
        )
        report = computing.newest(opened, asked)
        announced = publishing.announcement(asked, report)
        draft = Draft(
            id="published",
            stream=f"report-{announced.report_id}",
            event=announced,
            actor="mttq/thu-ky",
            occurred_at=datetime(2020, 1, 1, tzinfo=UTC).isoformat(),
            references=publishing.references(opened, asked, report),
        )
        with opened.store.write() as tx:
            opened.ledger.log(PROVINCE).append(tx, [draft])
        Checkpointer(opened.ledger, settings.log_keys).turn(at_once=True)
        return announced.report_id
    finally:
        opened.close()
