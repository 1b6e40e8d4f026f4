"""What Reporting's events claim: that a report is what its logs add up to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from deploy.audit.logged import Logged
from deploy.audit.recount.claims import Stream
from deploy.audit.recount.premises import Unexplained
from deploy.audit.verdict import Finding
from services.reporting.computing import Report
from services.reporting.publishing import PUBLICATION, announcement
from services.reporting.questions import Question, question
from services.reporting.statistics import statistic_called
from shared.contracts import Event
from shared.contracts.reporting import ReportPublished

Compute = Callable[[Question, dict[str, int]], Report]
"""Computes a report from the first entries of each log."""


@dataclass(slots=True)
class ReportingClaims:
    """See `Claims`."""

    cited: ClassVar[frozenset[str]] = frozenset()
    types: ClassVar[tuple[type[Event], ...]] = (ReportPublished,)
    timed: ClassVar[tuple[type[Event], ...]] = ()

    province: str
    compute: Compute
    _names_files: bool = False
    """Whether the report computed last depends on the province's file."""

    def stream(self, event: Event) -> Stream | None:
        """Return the stream of `event`."""
        if isinstance(event, ReportPublished):
            return Stream(f"report-{event.report_id}", PUBLICATION)
        return None

    def asked(self, logged: Logged) -> ReportPublished:
        """Return the announcement of the report, computed again from the entries it names."""
        event = logged.event
        if not isinstance(event, ReportPublished):
            raise Unexplained("cause_missing", cause=None)
        statistic = statistic_called(event.statistic)
        if statistic.sha256 != event.statistic_sha256:
            raise Unexplained("statistic_changed", is_proof=False, statistic=event.statistic)
        asked = question(
            statistic,
            provinces=[self.province],
            period_from=event.period_from,
            period_to=event.period_to,
            by=event.by,
        )
        report = self.compute(asked, {log.origin: log.size for log in event.logs})
        self._names_files = bool(report.document["references"])
        return announcement(asked, report)

    def is_ruled(self, name: str) -> bool:
        """Tell whether the digest depends on the file: where declared rows are compared."""
        return self._names_files and name in {"report_id", "report_sha256"}

    def note(self, _logged: Logged) -> Iterator[Finding]:
        """Keep nothing."""
        yield from ()
