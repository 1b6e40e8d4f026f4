"""Reports that were published, as Reporting's own logs hold them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deploy.audit.archive import Archive, service_of
from deploy.audit.deployment import REPORTING
from deploy.audit.logged import Logged, skim
from deploy.audit.point import Sizes
from deploy.audit.verdict import Finding
from services.reporting.computing import Report
from services.reporting.questions import Question, question
from services.reporting.statistics import statistic_called
from shared.contracts.reporting import ReportPublished
from shared.kernel.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A published report: what was asked, of how much of each log."""

    logged: Logged
    event: ReportPublished
    question: Question

    @property
    def sizes(self) -> Sizes:
        """How much of each log it counts."""
        return {log.origin: log.size for log in self.event.logs}

    def against(self, report: Report) -> Iterator[Finding]:
        """Yield what is wrong if `report`, computed again, is not what was published.

        Where declared results stand beside the figures, the bytes depend on the province's
        file as well, whose version of then nobody knows: that proves nothing.
        """
        if report.sha256 != self.event.report_sha256:
            recorded = self.logged.recorded
            yield Finding(
                code="report_differs",
                origin=recorded.origin,
                position=recorded.position,
                event_id=recorded.event_id,
                is_proof=not report.document["references"],
                facts={"claimed": self.event.report_sha256, "follows": report.sha256},
            )


def published(archives: Sequence[Archive], report_id: str) -> Published:
    """Return a published report.

    Raises:
        NotFound: `report.unknown`.
        Conflict: `report.statistic_changed` when its SQL file is no longer that one.

    """
    for archive in archives:
        if service_of(archive) != REPORTING:
            continue
        for logged in skim(archive, archive.size(), {ReportPublished.__name__}):
            event = logged.event if logged else None
            if logged and isinstance(event, ReportPublished) and event.report_id == report_id:
                return announced(logged, event)
    raise NotFound("report.unknown")


def announced(logged: Logged, event: ReportPublished) -> Published:
    """Return the report that `event`, which is what `logged` says, made public.

    Raises:
        Conflict: `report.statistic_changed` when its SQL file is no longer that one.

    """
    asked = _asked(event, logged.recorded.province)
    return Published(logged=logged, event=event, question=asked)


def _asked(event: ReportPublished, province: str) -> Question:
    statistic = statistic_called(event.statistic)
    if statistic.sha256 != event.statistic_sha256:
        raise Conflict("report.statistic_changed", statistic=statistic.name)
    return question(
        statistic,
        provinces=[province],
        period_from=event.period_from,
        period_to=event.period_to,
        by=event.by,
    )
