"""Published reports: computed again from the entries that they count, to the same byte."""

from collections.abc import Mapping, Sequence

from deploy.audit.archive import Archive, service_of
from deploy.audit.deployment import REPORTING
from deploy.audit.figures import counted_archives, report_over
from deploy.audit.fsck.check import Check
from deploy.audit.fsck.figures import NOT_COUNTABLE, reason_of
from deploy.audit.logged import Logged, skim
from deploy.audit.published import announced
from shared.contracts.reporting import ReportPublished
from shared.kernel.errors import LogTampered
from shared.provinces import Province


def check_reports(
    check: Check, archives: Sequence[Archive], provinces: Mapping[str, Province]
) -> None:
    """Compute every report again that a log of Reporting says was published."""
    counted = counted_archives(archives)
    for archive in archives:
        if service_of(archive) != REPORTING:
            continue
        try:
            for logged in skim(archive, archive.size(), {ReportPublished.__name__}):
                if logged is not None and isinstance(logged.event, ReportPublished):
                    _compute(check, logged, logged.event, counted, provinces)
        except LogTampered:
            return  # a hole, which is found where the index is looked at


def _compute(
    check: Check,
    logged: Logged,
    event: ReportPublished,
    archives: Sequence[Archive],
    provinces: Mapping[str, Province],
) -> None:
    try:
        published = announced(logged, event)
        report = report_over(archives, published.sizes, published.question, provinces)
    except NOT_COUNTABLE as error:
        check.found(
            "fsck.report_not_computable",
            logged.recorded.origin,
            logged.recorded.position,
            is_proof=isinstance(error, LogTampered),
            report=event.report_id,
            reason=reason_of(error),
        )
        return
    for finding in published.against(report):
        check.findings.add(finding)
