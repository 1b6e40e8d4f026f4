"""What can be asked of an assignment. Every date and rule is resolved beforehand."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.assignment import AssignmentIssued
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAssignment:
    """Make a matter one lead agency's duty."""

    terms: AssignmentIssued
    """What is asked, of whom, until when and by which provision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAssignment:
    """Take the matter on."""

    agency: str
    """On whose behalf the caller acts."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnswer:
    """Put an answer before the second pair of eyes."""

    agency: str
    on: date
    outcome: Outcome
    author: str
    """Seat that wrote it."""
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAnswer:
    """Let the answer go to the people, for good."""

    agency: str
    on: date
    approver: str
    """Seat that releases it."""
    working_days_late: int
    """Working days after the due date up to `on`, by the province's calendar; 0 on time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDeadline:
    """Look whether the due date has passed."""

    today: date


Command = IssueAssignment | AcceptAssignment | SubmitAnswer | ReleaseAnswer | NoticeDeadline
