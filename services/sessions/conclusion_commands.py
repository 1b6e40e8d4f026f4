"""What can be asked after the room: minutes, conclusion, amendments, results."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import CommitmentProgress, CorrectionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveMinutes:
    """Make the minutes final."""

    on: date
    approver: str
    text: TextRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMinutes:
    """Say something else than the approved minutes."""

    on: date
    approver: str
    reason: CorrectionReason
    text: TextRef


class Standing(StrEnum):
    """What the province's file says of an agency on the day of issue."""

    COMPETENT = "competent"
    NOT_COMPETENT = "not_competent"
    """It exists, on other days."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAgency:
    """An agency as a conclusion names it, and its standing on the day of issue."""

    key: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCommitment:
    """A commitment as it was written; what is None was not stated."""

    commitment_id: str
    field: str
    is_field_known: bool
    opinion_ids: tuple[str, ...]
    lead: NamedAgency | None
    cooperating: tuple[NamedAgency, ...]
    product: TextRef | None
    due_on: date | None
    supersedes: str | None = None
    """In an amendment: the commitment whose place it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDay:
    """Until when something had to be done, and where that is written."""

    due_on: date
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueConclusion:
    """Issue the conclusion notice."""

    conclusion_id: str
    number: str
    is_number_free: bool
    """Whether no other notice of the unit bears it in the year of issue."""
    issued_on: date
    signer: str
    commitments: tuple[ProposedCommitment, ...]
    today: date
    backdating_max_days: int
    due: DueDay | None = None
    must_be_minuted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCommitment:
    """In an amendment: what was promised stays as it is."""

    commitment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendConclusion:
    """Issue an amending notice with all commitments that are to hold from now on."""

    number: str
    is_number_free: bool
    issued_on: date
    signer: str
    reason: CorrectionReason
    commitments: tuple[ProposedCommitment | KeptCommitment, ...]
    today: date
    backdating_max_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResults:
    """Note that the results were made public."""

    published_on: date
    today: date
    due: DueDay


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteProgress:
    """Note how far a commitment has come."""

    commitment_id: str
    progress: CommitmentProgress
    on: date
    days_late: int | None = None
