"""Checking a bundle with the project's own code: to the same byte, with all proofs.

Nothing that a bundle holds is run or believed before a key that the auditor brought along
has signed for it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.audit.bundle import members
from deploy.audit.bundle.bundled import BundledLog, opened
from deploy.audit.bundle.verify_bundle import Bundle as Zip
from deploy.audit.figures import report_over
from deploy.audit.proving.trust import Trust
from deploy.audit.verdict import Finding
from services.reporting.event_tables import plain_columns
from services.reporting.questions import question
from services.reporting.statistics import Statistic, read_statistic, statistics
from shared.contracts.reporting import ReportPublished
from shared.eventlog import Entry, Recorded
from shared.eventlog.checkpoint import Checkpoint, Policy, SignedCheckpoint
from shared.eventlog.lines import base64_text, hash_bytes
from shared.eventlog.note import Note
from shared.eventlog.proof import Tree, leaf_hashes, verify_consistency
from shared.eventlog.tlog_proof import TlogProof
from shared.kernel.errors import ContractError, LogTampered
from shared.kernel.reference import is_slug
from shared.provinces import Province, load_province

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """That a report is public, as the bundle says; believed only once its proof is verified."""

    recorded: Recorded
    event: ReportPublished
    leaf: bytes
    proof: TlogProof

    @property
    def origins(self) -> tuple[str, ...]:
        """The log that it stands in, and those that are counted."""
        return (self.recorded.origin, *(log.origin for log in self.event.logs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a bundle comes to."""

    published: Publication
    report: dict[str, Any] | None
    """As computed again; None where it wasn't."""
    is_our_verifier: bool
    """Whether the bundle's verify_bundle.py is that of this release."""
    findings: tuple[Finding, ...]


def check(
    path: Path,
    trust: Trust,
    advance: Callable[[int], None] = lambda _entries: None,
    *,
    definitions: AbstractSet[str] = frozenset(),
) -> Checked:
    """Return what the bundle at `path` comes to, by the word of `trust`.

    Findings that prove nothing: keys that weren't brought, witnesses that didn't sign, a
    definition that is neither that of this release nor, by its SHA-256, among `definitions`.

    Raises:
        ContractError, Unavailable: as `opened`, and whatever is malformed.
        LogTampered: what disproves the bundle; `audit.bundle_digest` for a file that isn't
            the one announced, `audit.bundle_figures` when the report doesn't follow.

    """
    with opened(path) as bundle:
        published = _publication(bundle)
        findings = [
            Finding(code="proof.no_key_given", origin=origin, is_proof=False)
            for origin in published.origins
            if origin not in {key.name for key in trust.keys}
        ]
        report = None
        if not findings:
            policy = _policy(trust, published.recorded.origin)
            findings += _unwitnessed(published.proof.verify(published.leaf, policy), trust)
            logs = [BundledLog(log.origin, log.size, bundle) for log in published.event.logs]
            for log in logs:
                findings += _unwitnessed(_prove_log(log, trust, advance), trust)
            report = _recomputed(bundle, published, logs)
            findings += _foreign(published, definitions)
        is_ours = bundle.read(members.VERIFIER) == (HERE / members.VERIFIER).read_bytes()
        bundle.left -= {members.README, *map(members.keys, published.origins)}
        if report is not None and bundle.left:
            raise ContractError(
                "audit.bundle_malformed", member=min(bundle.left), reason="unexpected"
            )
    return Checked(
        published=published, report=report, is_our_verifier=is_ours, findings=tuple(findings)
    )


def _publication(bundle: Zip) -> Publication:
    proof = TlogProof.parse(bundle.read(members.PUBLISHED))
    origin = Checkpoint.parse(Note.parse(proof.checkpoint).text).origin
    entry = Entry(origin, proof.index, proof.extra or b"")
    recorded = entry.checked()
    event, above = recorded.event, origin.rpartition("/")[0]
    if (
        not isinstance(event, ReportPublished)
        or not is_slug(event.statistic)
        or len({log.origin for log in event.logs}) != len(event.logs)
        or any(log.origin.rpartition("/")[0] != above or log.size < 1 for log in event.logs)
    ):
        raise ContractError(
            "audit.bundle_malformed", member=members.PUBLISHED, reason="ReportPublished"
        )
    return Publication(recorded=recorded, event=event, leaf=entry.leaf, proof=proof)


def _prove_log(log: BundledLog, trust: Trust, advance: Callable[[int], None]) -> SignedCheckpoint:
    """Return the checkpoint under which the entries of `log` are its beginning."""
    tree = Tree()
    for content in log.entries(0, log.end):
        tree.extend(leaf_hashes([content]))
        advance(1)
    signed = _policy(trust, log.origin).open(log.checkpoint() or b"")
    name = members.consistency(log.origin)
    lines = log.bundle.read(name).decode().split("\n")
    hashes = [found for line in lines[:-1] if (found := hash_bytes(line)) is not None]
    if "".join(f"{base64_text(each)}\n" for each in hashes) != "\n".join(lines):
        raise ContractError("audit.bundle_malformed", member=name, reason="base64")
    checkpoint = signed.checkpoint
    verify_consistency(log.end, checkpoint.size, tree.root(), checkpoint.root, hashes)
    return signed


def _policy(trust: Trust, origin: str) -> Policy:
    """Return what a checkpoint is opened by; whether enough witnesses signed is told apart."""
    mine = trust.of(origin)
    return Policy(origin=origin, log_keys=mine.keys, witness_keys=mine.witnesses)


def _unwitnessed(signed: SignedCheckpoint, trust: Trust) -> Iterator[Finding]:
    found = len({each.key.name for each in signed.by_witnesses})
    if found < trust.witnesses_min:
        yield Finding(
            code="proof.witnesses_missing",
            origin=signed.checkpoint.origin,
            is_proof=False,
            facts={"wanted": trust.witnesses_min, "found": found},
        )


def _foreign(published: Publication, definitions: AbstractSet[str]) -> Iterator[Finding]:
    """Yield that nobody but the publisher says what is counted: any SQL proves some figure."""
    event, ours = published.event, statistics().get(published.event.statistic)
    known = {ours.sha256} if ours else set()
    if event.statistic_sha256 not in known | definitions:
        yield Finding(
            code="proof.foreign_definition",
            origin=published.recorded.origin,
            is_proof=False,
            facts={"statistic": event.statistic, "sha256": event.statistic_sha256},
        )


def _recomputed(bundle: Zip, published: Publication, logs: Sequence[BundledLog]) -> dict[str, Any]:
    """Return the report as the entries give it, which is the one in the bundle."""
    event = published.event
    content = _announced(bundle, members.REPORT, event.report_sha256)
    with _definition(bundle, event, json.loads(content)) as (statistic, provinces):
        asked = question(
            statistic,
            provinces=[published.recorded.province],
            period_from=event.period_from,
            period_to=event.period_to,
            by=event.by,
        )
        sizes = {log.origin: log.size for log in event.logs}
        report = report_over(logs, sizes, asked, provinces)
    if report.content != content:
        raise LogTampered("audit.bundle_figures", report=event.report_id)
    shapes = json.loads(bundle.read(members.SHAPES))
    for name in statistic.tables:
        # A field that a later release added isn't in an older bundle.
        if not shapes[name]["columns"].items() <= plain_columns(name).items():
            raise LogTampered("audit.bundle_digest", member=members.SHAPES)
    return report.document


@contextmanager
def _definition(
    bundle: Zip, event: ReportPublished, report: dict[str, Any]
) -> Iterator[tuple[Statistic, dict[str, Province]]]:
    """Yield the statistic and the province files that lie in the bundle, as announced."""
    with TemporaryDirectory(prefix="doithoai-bundle-") as folder:
        query = Path(folder) / f"{event.statistic}.sql"
        query.write_bytes(_announced(bundle, members.STATISTIC, event.statistic_sha256))
        provinces = {}
        for each in report["references"]:
            slug, sha256 = str(each["province"]), str(each["sha256"])
            if not is_slug(slug):
                raise ContractError("audit.bundle_malformed", member=members.REPORT, reason="slug")
            path = Path(folder) / f"{slug}.toml"
            path.write_bytes(_announced(bundle, members.reference(sha256), sha256))
            provinces[slug] = load_province(path)
        yield read_statistic(query), provinces


def _announced(bundle: Zip, name: str, sha256: str) -> bytes:
    content = bundle.read(name)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise LogTampered("audit.bundle_digest", member=name)
    return content
