"""Events of Sessions after the room: the conclusion and what comes of it, duties met."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.session_dimensions import ObligationDimensions, SessionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import (
    CommitmentProgress,
    CorrectionReason,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What a conclusion promises: who leads, what comes of it, until when."""

    commitment_id: str
    field: str
    opinion_ids: tuple[str, ...]
    lead_agency: str
    cooperating_agencies: tuple[str, ...]
    product: TextRef
    due_on: date
    supersedes: str | None = None
    """The commitment of this conclusion whose place it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionIssued(SessionDimensions):
    """The conclusion notice is out. Assignment acts on its commitments."""

    held_on: date
    conclusion_id: str
    number: str
    issued_on: date
    signer: str
    commitments: tuple[Commitment, ...]
    conclusion_due_on: date | None = None
    """Last day on which it would have been in time, inclusive."""
    days_late: int | None = None
    """Calendar days after it; 0 when in time."""
    deadline_citation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConclusionAmended(SessionDimensions):
    """An amending notice is out. Its commitments are all that hold from now on."""

    held_on: date
    conclusion_id: str
    amendment: int
    """1 for the first."""
    number: str
    issued_on: date
    signer: str
    reason: CorrectionReason
    commitments: tuple[Commitment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPublished(SessionDimensions):
    """What came of the session was made public."""

    held_on: date
    published_on: date
    due_on: date
    """Last day on which that was in time, inclusive."""
    days_late: int
    deadline_citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentProgressed(SessionDimensions):
    """Assignment told how far a commitment of the conclusion has come."""

    held_on: date
    commitment_id: str
    progress: CommitmentProgress
    progressed_on: date
    days_late: int | None = None
    """Of the answer; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCompleted(SessionDimensions):
    """Nothing of the conclusion is left to be done."""

    held_on: date
    completed_on: date
    fulfilled: int
    """Commitments verified, or settled by their answers."""
    cancelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionObligationMet(ObligationDimensions):
    """As many periodic sessions were held as the period asks for."""

    met_on: date
    """Day of the session that completed them."""
    session_ids: tuple[str, ...]
    was_missed: bool = False
    """Whether a miss was recorded before the sessions were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionObligationMissed(ObligationDimensions):
    """The period is over, and fewer were held."""

    held: int
    session_ids: tuple[str, ...]
