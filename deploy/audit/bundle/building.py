"""Building a bundle: a published report with its definition, its logs and every proof.

Each log goes in whole, from its first entry to the size that the report names: of a
selection nobody could tell what was left out. Nothing is held but one file of 256 entries.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from deploy.audit.archive import DatabaseArchive, province_of, service_of
from deploy.audit.bundle import members
from deploy.audit.bundle.event_shapes import EventShapes
from deploy.audit.bundle.members import BundleWriter
from deploy.audit.deployment import REPORTING
from deploy.audit.figures import counted_archives, report_over
from deploy.audit.logged import Logged, skim
from deploy.directory import definition_of
from services.reporting.mirror import cosigned_at, is_kept
from services.reporting.questions import question
from services.reporting.statistics import DIRECTORY, Statistic, read_statistic
from shared import wire
from shared.adoption import stored
from shared.contracts.reporting import ReportPublished
from shared.eventlog.checkpoints import Checkpoints, KeptCheckpoint
from shared.eventlog.lines import base64_text
from shared.eventlog.note import Note
from shared.eventlog.proof import (
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    verify_consistency,
    verify_inclusion,
)
from shared.eventlog.tiles import bundles_of, encode_bundle
from shared.eventlog.tlog_proof import TlogProof
from shared.kernel.errors import LogTampered, NotFound
from shared.provinces import Province, load_province
from shared.store import Store

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A report that was published, where, and the entry that says so."""

    archive: DatabaseArchive
    logged: Logged
    content: bytes
    event: ReportPublished


def announced(archives: Sequence[DatabaseArchive], report_id: str) -> Announced:
    """Return the publication of a report.

    Raises:
        NotFound: `report.unknown`.

    """
    for archive in archives:
        if service_of(archive) != REPORTING:
            continue
        for position, logged in enumerate(
            skim(archive, archive.size(), {ReportPublished.__name__})
        ):
            event = logged.event if logged else None
            if logged and isinstance(event, ReportPublished) and event.report_id == report_id:
                (content,) = archive.entries(position, position + 1)
                return Announced(archive=archive, logged=logged, content=content, event=event)
    raise NotFound("report.unknown")


def build(
    archives: Sequence[DatabaseArchive],
    report_id: str,
    provinces: Path,
    out: BinaryIO,
    advance: Callable[[int], None] = lambda _entries: None,
) -> Announced:
    """Write the bundle of a published report to `out`; return its publication.

    `archives` are all logs of its province. Files that the report was decided by are those
    that Reporting keeps, or those in use (`provinces`) where they are the same. The report
    is computed again, and every proof is checked, before it goes in. The same report and
    checkpoints give the same bytes. `advance` is told of entries that are done.

    Raises:
        NotFound: `report.unknown`, `audit.reference_missing`, `eventlog.no_checkpoint` for a
            log that isn't signed yet as far as the report counts it.
        LogTampered: `report.differs` when the entries lead to another report;
            `eventlog.consistency_unproven` when they aren't those that were signed.
        TooLarge: `audit.bundle_too_large`.

    """
    found = announced(archives, report_id)
    files = _ReferenceFiles(found.archive, provinces, found.logged.references or "")
    with _definition(found, files) as (statistic, used), BundleWriter(out) as bundle:
        sizes = {log.origin: log.size for log in found.event.logs}
        asked = question(
            statistic,
            provinces=[province_of(found.archive)],
            period_from=found.event.period_from,
            period_to=found.event.period_to,
            by=found.event.by,
        )
        report = report_over(counted_archives(archives), sizes, asked, used)
        if report.sha256 != found.event.report_sha256:
            raise LogTampered("report.differs", report=report_id)
        bundle.add(members.README, (HERE / "README.md").read_bytes())
        bundle.add(members.VERIFIER, (HERE / "verify_bundle.py").read_bytes())
        bundle.add(members.REPORT, report.content)
        bundle.add(members.STATISTIC, statistic.file.content)
        for each in report.document["references"]:
            content = files.read(each["sha256"])
            bundle.add(members.reference(each["sha256"]), content)
        _add_publication(bundle, found)
        shapes = EventShapes(statistic)
        by_origin = {archive.origin: archive for archive in archives}
        for origin, size in sorted(sizes.items()):
            _add_log(bundle, by_origin[origin], size, shapes, advance, witness=found.archive.store)
        bundle.add(members.SHAPES, wire.canonical(shapes.as_json()))
    return found


def _add_publication(bundle: BundleWriter, found: Announced) -> None:
    position = found.logged.recorded.position
    checkpoints = _checkpoints(found.archive)
    signed = checkpoints.at_least(position + 1)
    hashes = inclusion_proof(position, signed.size, checkpoints.hashes(signed.size))
    verify_inclusion(leaf_hash(found.content), position, signed.size, hashes, signed.root)
    proof = TlogProof(
        index=position, hashes=tuple(hashes), checkpoint=signed.note, extra=found.content
    )
    bundle.add(members.PUBLISHED, proof.encode())
    bundle.add(members.keys(found.archive.origin), _stated_keys(checkpoints))


def _add_log(
    bundle: BundleWriter,
    archive: DatabaseArchive,
    size: int,
    shapes: EventShapes,
    advance: Callable[[int], None],
    *,
    witness: Store,
) -> None:
    tree = Tree()
    for each in bundles_of(size):
        contents = list(archive.entries(each.positions.start, each.positions.stop))
        tree.extend(leaf_hashes(contents))
        for content in contents:
            shapes.see(content)
        bundle.add(members.entries(archive.origin, each), encode_bundle(contents))
        advance(len(contents))
    checkpoints = _checkpoints(archive)
    signed = checkpoints.at_least(size)
    proof = _consistency(checkpoints, size, signed)
    verify_consistency(size, signed.size, tree.root(), signed.root, proof)
    lines = "".join(f"{base64_text(each)}\n" for each in proof)
    bundle.add(members.checkpoint(archive.origin), _cosigned(witness, archive.origin, signed))
    bundle.add(members.consistency(archive.origin), lines.encode())
    bundle.add(members.keys(archive.origin), _stated_keys(checkpoints))


def _cosigned(witness: Store, origin: str, signed: KeptCheckpoint) -> bytes:
    """Return the note, with the cosignature of Reporting where it gave one on that size."""
    cosigned = cosigned_at(witness, origin, signed.size) if is_kept(witness) else None
    note = Note.parse(signed.note)
    if cosigned is None or Note.parse(cosigned).text != note.text:
        return signed.note
    return note.also_signed(Note.parse(cosigned).signatures).encode()


def _consistency(checkpoints: Checkpoints, size: int, signed: KeptCheckpoint) -> list[bytes]:
    return consistency_proof(size, signed.size, checkpoints.hashes(signed.size))


def _checkpoints(archive: DatabaseArchive) -> Checkpoints:
    return Checkpoints(archive.store, archive.tables, archive.origin, archive.log_no)


def _stated_keys(checkpoints: Checkpoints) -> bytes:
    return "".join(f"{key.verifier_key}\n" for key in checkpoints.log_keys()).encode()


@dataclass(frozen=True, slots=True)
class _ReferenceFiles:
    """The bytes of the files that a publication names."""

    archive: DatabaseArchive
    provinces: Path
    named: str

    def versions(self) -> Iterator[tuple[str, str]]:
        """Yield file and SHA-256 of each that is named."""
        for each in self.named.split():
            file, _, version = each.rpartition("@")
            yield file, version.partition("+")[0]

    def read(self, sha256: str) -> bytes:
        """Return the file with this SHA-256.

        Raises:
            NotFound: `audit.reference_missing`.

        """
        try:
            with self.archive.store.read() as connection:
                return stored(connection, definition_of(REPORTING).references, sha256)
        except NotFound:
            in_use = (*self.provinces.glob("*.toml"), *DIRECTORY.glob("*.sql"))
            for content in (path.read_bytes() for path in in_use):
                if hashlib.sha256(content).hexdigest() == sha256:
                    return content
        raise NotFound("audit.reference_missing", sha256=sha256)


@contextmanager
def _definition(
    found: Announced, files: _ReferenceFiles
) -> Iterator[tuple[Statistic, Mapping[str, Province]]]:
    """Yield the statistic and the province files as they were when the report was published."""
    with TemporaryDirectory(prefix="doithoai-bundle-") as folder:
        query = Path(folder) / f"{found.event.statistic}.sql"
        query.write_bytes(files.read(found.event.statistic_sha256))
        slug = province_of(found.archive)
        used = {}
        for name, sha256 in files.versions():
            if name == f"{slug}.toml":
                path = Path(folder) / name
                path.write_bytes(files.read(sha256))
                used[slug] = load_province(path)
        yield read_statistic(query), used
