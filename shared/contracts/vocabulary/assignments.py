"""Assignments: what they were issued for, and why something about them was changed."""

from enum import StrEnum


class AssignmentSource(StrEnum):
    """What an assignment was issued for."""

    REFERRAL = "referral"
    COMMITMENT = "commitment"


class LegRole(StrEnum):
    """What an agency is in an assignment (vai trò của cơ quan)."""

    LEAD = "lead"
    COOPERATING = "cooperating"


class RefusalReason(StrEnum):
    """Why an agency says that a matter is not its own (lý do từ chối nhận việc)."""

    OUTSIDE_COMPETENCE = "outside_competence"
    OUTSIDE_TERRITORY = "outside_territory"
    SAME_MATTER_ELSEWHERE = "same_matter_elsewhere"
    """Another agency has it in hand already."""


class TransferReason(StrEnum):
    """Why another agency leads from now on (lý do chuyển cơ quan chủ trì)."""

    REFUSAL_UPHELD = "refusal_upheld"
    SUCCESSION = "succession"
    """The agency is no more; this one has its duties."""
    TRIAGE = "triage"
    """A person has said who is competent."""


class TriageReason(StrEnum):
    """Why a person must say who is competent (lý do phân loại thủ công)."""

    UNMATCHED = "unmatched"
    """No row of the routing table."""
    AMBIGUOUS = "ambiguous"
    """Rows or offices that contradict each other."""
    AGENCY_SPLIT = "agency_split"
    """Several agencies share the duties of the former one."""
    NO_SUCCESSOR = "no_successor"


class ExtensionReason(StrEnum):
    """Why an agency asks for more time (lý do xin gia hạn)."""

    COMPLEX_MATTER = "complex_matter"
    MANY_AGENCIES = "many_agencies"
    FIELD_INSPECTION = "field_inspection"
    AWAITING_DOCUMENTS = "awaiting_documents"


class CancelReason(StrEnum):
    """Why an assignment ends without an answer (lý do hủy việc)."""

    WITHDRAWN = "withdrawn"
    COMMITMENT_DROPPED = "commitment_dropped"
    ISSUED_IN_ERROR = "issued_in_error"
