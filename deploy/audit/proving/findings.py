"""What an audit finds, bounded: a log of a million faults is no list of a million."""

from dataclasses import dataclass, field

from deploy.audit.verdict import Finding, Verdict, verdict_of

FINDINGS_MAX = 1_000
"""Findings that one audit lists; the others are counted."""


@dataclass(slots=True)
class Findings:
    """What was found, in the order in which it was."""

    listed: list[Finding] = field(default_factory=list)
    """At most 1,000."""
    in_all: int = 0
    _is_disproven: bool = False

    def add(self, finding: Finding) -> None:
        """Take a finding."""
        self.in_all += 1
        self._is_disproven |= finding.is_proof
        if len(self.listed) < FINDINGS_MAX:
            self.listed.append(finding)

    @property
    def verdict(self) -> Verdict:
        """What they amount to, those not listed included."""
        return Verdict.DISPROVEN if self._is_disproven else verdict_of(self.listed)
