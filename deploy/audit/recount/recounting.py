"""The recount of all logs, province by province: reactions never leave their province."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from deploy.audit.archive import Archive, province_of, service_of
from deploy.audit.deployment import REPORTING
from deploy.audit.figures import report_over
from deploy.audit.logged import Logged, read, skim
from deploy.audit.recount.awaited import Awaited, awaited
from deploy.audit.recount.claims import Claims, found
from deploy.audit.recount.claims_assignment import AssignmentClaims
from deploy.audit.recount.claims_intake import IntakeClaims
from deploy.audit.recount.claims_reporting import ReportingClaims
from deploy.audit.recount.claims_sessions import SessionsClaims
from deploy.audit.recount.folding import Fold
from deploy.audit.recount.premises import TAKEN, Premises
from deploy.audit.verdict import Finding, Verdict, verdict_of
from services.reporting.computing import Report
from services.reporting.questions import Question
from shared.provinces import Province

FINDINGS_MAX = 1_000
AWAITED_MAX = 100

Advance = Callable[[int], None]
"""Hears how many entries were read since it was last told."""
_TOLD_EVERY = 500


@dataclass(slots=True, kw_only=True)
class Recounted:
    """What a recount found."""

    logs: dict[str, int] = field(default_factory=dict)
    """Each log with how many of its entries were judged."""
    findings: list[Finding] = field(default_factory=list)
    """By log and position; at most 1,000."""
    findings_in_all: int = 0
    awaited: list[Awaited] = field(default_factory=list)
    """Reactions that have not come yet, at most 100: a deployment at work always has some."""
    awaited_in_all: int = 0
    balances: dict[str, dict[str, int]] = field(default_factory=dict)
    """By province: opinions received, and how many of them are in each state."""

    @property
    def entries(self) -> int:
        """How many events were judged."""
        return sum(self.logs.values())

    @property
    def verdict(self) -> Verdict:
        """Whether every claim follows; nothing to judge proves nothing."""
        return verdict_of(self.findings) if self.entries else Verdict.CANNOT_TELL

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep `findings`, those that prove before those that can't tell once it is full."""
        for finding in findings:
            self.findings_in_all += 1
            if len(self.findings) < FINDINGS_MAX:
                self.findings.append(finding)
            elif finding.is_proof and all(not each.is_proof for each in self.findings):
                self.findings[-1] = finding


def recount(
    archives: Sequence[Archive],
    provinces: Mapping[str, Province],
    advance: Advance = lambda _entries: None,
) -> Recounted:
    """Return what the events of `archives` claim that does not follow.

    `provinces` are the files in use now. Each log is judged up to its size at the start;
    causes are looked for up to its size a moment later, so that none is missed only
    because its log was read first.

    Raises:
        LogTampered: `audit.hole`.

    """
    result = Recounted()
    for slug in sorted({province_of(archive) for archive in archives}):
        mine = [archive for archive in archives if province_of(archive) == slug]
        _recount_province(mine, provinces, slug, result, _Teller(advance))
    return result


@dataclass(slots=True)
class _Teller:
    """Tells how far it is, not with every entry."""

    advance: Advance
    untold: int = 0

    def tell(self) -> None:
        self.untold += 1
        if self.untold >= _TOLD_EVERY:
            self.advance(self.untold)
            self.untold = 0


def _recount_province(
    archives: Sequence[Archive],
    provinces: Mapping[str, Province],
    slug: str,
    result: Recounted,
    teller: _Teller,
) -> None:
    sizes = {archive.origin: archive.size() for archive in archives}
    premises = Premises(province=provinces.get(slug))
    for archive in archives:
        for taken in skim(archive, archive.size(), TAKEN):
            if taken is not None:
                premises.take(taken)
            teller.tell()
    for archive in archives:
        service = service_of(archive)
        claims = _claims(service, slug, premises, partial(_compute, archives, provinces))
        if claims is None:
            continue
        fold = Fold(claims, premises)
        if isinstance(claims, IntakeClaims):
            claims.states = fold.states
        last: dict[str, Logged] = {}
        for entry in read(archive, sizes[archive.origin]):
            result.add(fold.take(entry))
            if isinstance(entry, Logged):
                last[entry.recorded.stream] = entry
            teller.tell()
        result.logs[archive.origin] = sizes[archive.origin]
        for stream, missing in fold.unfinished():
            result.add([found(last[stream], "left_out", facts={"follows": missing})])
        _note_awaited(service, fold, result)
        if isinstance(claims, IntakeClaims):
            result.balances[slug] = fold.balance.as_json()


def _note_awaited(service: str, fold: Fold, result: Recounted) -> None:
    for each in awaited(service, fold):
        if each.is_passed:
            facts = {"service": each.service, "subject": each.subject}
            result.add([found(each.cause, "reaction_missing", is_proof=False, facts=facts)])
            continue
        result.awaited_in_all += 1
        if len(result.awaited) < AWAITED_MAX:
            result.awaited.append(each)


def _claims(
    service: str,
    slug: str,
    premises: Premises,
    compute: Callable[[Question, dict[str, int]], Report],
) -> Claims | None:
    kinds: dict[str, Callable[[], Any]] = {
        "intake": lambda: IntakeClaims(premises),
        "sessions": lambda: SessionsClaims(premises),
        "assignment": lambda: AssignmentClaims(premises),
        REPORTING: lambda: ReportingClaims(slug, compute),
    }
    return kinds[service]() if service in kinds else None


def _compute(
    archives: Sequence[Archive],
    provinces: Mapping[str, Province],
    asked: Question,
    sizes: dict[str, int],
) -> Report:
    return report_over(archives, sizes, asked, provinces)
