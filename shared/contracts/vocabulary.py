"""Closed vocabularies of the published language. A value is on disk for ever.

Fields (lĩnh vực), units, agencies and organisations are dated data of a province, not
vocabulary: they appear in events as plain keys.
"""

from enum import StrEnum


class Level(StrEnum):
    """Level of government that a unit, session or opinion belongs to (cấp)."""

    PROVINCE = "province"
    DISTRICT = "district"
    """Quận, huyện, thị xã: until 2025-06-30."""
    COMMUNE = "commune"
    """Phường, xã, thị trấn, đặc khu."""


class OpinionKind(StrEnum):
    """What an opinion is (loại ý kiến)."""

    REFLECTION = "reflection"
    RECOMMENDATION = "recommendation"
    PROPOSAL = "proposal"
    CONTRIBUTION = "contribution"
    CONSULTATION = "consultation"
    ASPIRATION = "aspiration"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"


LEAVES_THE_FLOW = (OpinionKind.COMPLAINT, OpinionKind.DENUNCIATION)
"""Kinds with a statutory procedure of their own. Source: Luật Khiếu nại, Luật Tố cáo."""


class Channel(StrEnum):
    """How an opinion reached the Front (kênh tiếp nhận)."""

    DIRECT = "direct"
    SOCIAL_GROUP = "social_group"
    BRANCH_MEETING = "branch_meeting"
    CITIZEN_RECEPTION = "citizen_reception"
    VOTER_MEETING = "voter_meeting"
    WRITTEN = "written"
    SESSION = "session"
    """Raised in the room of a dialogue session."""


class SessionKind(StrEnum):
    """Kind of a dialogue session (hình thức đối thoại)."""

    PERIODIC = "periodic"
    AD_HOC = "ad_hoc"
    THEMATIC = "thematic"


class Mode(StrEnum):
    """How people take part in a session."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Outcome(StrEnum):
    """What an answer amounts to (kết quả trả lời)."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    ACCEPTED_WITH_PLAN = "accepted_with_plan"
    NOT_RESOLVABLE = "not_resolvable"


class DeclineReason(StrEnum):
    """Why an opinion leaves the dialogue flow (lý do không tiếp nhận)."""

    COMPLAINT = "complaint"
    """Khiếu nại: goes into its statutory procedure."""
    DENUNCIATION = "denunciation"
    """Tố cáo: goes into its statutory procedure."""
    NOT_COMPETENT = "not_competent"
    UNCLEAR = "unclear"
    ALREADY_ANSWERED = "already_answered"
    NOT_CLARIFIED = "not_clarified"
    """Nobody replied to the question what is meant."""


class Urgency(StrEnum):
    """How soon a matter has to be taken up (mức độ khẩn)."""

    NORMAL = "normal"
    PRESSING = "pressing"
    """Bức xúc: many are upset, or it has gone on for long."""
    URGENT = "urgent"
    """Khẩn cấp: life, health or property is in danger."""


class WithdrawalReason(StrEnum):
    """Why an opinion was taken back (lý do rút ý kiến)."""

    REPORTER_ASKED = "reporter_asked"
    SETTLED_ELSEWHERE = "settled_elsewhere"
    ENTERED_IN_ERROR = "entered_in_error"


class ReturnReason(StrEnum):
    """Why an opinion in handling waits for a disposition again."""

    COMMITMENT_DROPPED = "commitment_dropped"
    ISSUED_IN_ERROR = "issued_in_error"


class Satisfaction(StrEnum):
    """What a reporter thinks of an answer (mức độ hài lòng), the least first."""

    NOT_SATISFIED = "not_satisfied"
    PARTLY = "partly"
    SATISFIED = "satisfied"


class FeedbackReason(StrEnum):
    """What is wrong, or right, with an answer."""

    NOT_CARRIED_OUT = "not_carried_out"
    """What was promised or reported as done is not there."""
    CAME_BACK = "came_back"
    """It was settled, and the matter is there again."""
    INCOMPLETE = "incomplete"
    BESIDE_THE_POINT = "beside_the_point"
    LATE = "late"
    NEW_FACTS = "new_facts"
    SETTLED_WELL = "settled_well"


class ReopenRefusal(StrEnum):
    """Why a matter is not taken up again."""

    ANSWER_STANDS = "answer_stands"
    NOTHING_NEW = "nothing_new"
    ANOTHER_MATTER = "another_matter"
    """It is to be entered as an opinion of its own."""
    UNDER_PROCEEDINGS = "under_proceedings"


class ErasureRefusal(StrEnum):
    """Why texts are not erased. Source: the exceptions of the data protection law."""

    NOT_THE_PERSON = "not_the_person"
    """Whoever asks is not shown to be the person concerned."""
    LEGAL_DUTY_TO_KEEP = "legal_duty_to_keep"
    IN_HANDLING = "in_handling"
    """An agency still needs the text to answer."""


class UnscheduleReason(StrEnum):
    """Why an opinion left an agenda."""

    WITHDRAWN_FROM_AGENDA = "withdrawn_from_agenda"
    SESSION_NOT_OPEN = "session_not_open"
    AGENDA_FULL = "agenda_full"
    SESSION_POSTPONED = "session_postponed"
    SESSION_CANCELLED = "session_cancelled"


class RemovalReason(StrEnum):
    """Why an opinion is no more on the agenda that it was on."""

    MERGED = "merged"
    """Another opinion stands for it."""
    WITHDRAWN = "withdrawn"
    """Whoever put it forward took it back."""


class ChangeReason(StrEnum):
    """Why a session is moved, postponed or cancelled."""

    CHAIR_UNAVAILABLE = "chair_unavailable"
    VENUE_UNAVAILABLE = "venue_unavailable"
    PREPARATION_INCOMPLETE = "preparation_incomplete"
    HIGHER_DIRECTIVE = "higher_directive"
    """A higher level called for something else on that day."""
    FORCE_MAJEURE = "force_majeure"
    JOINED_WITH_ANOTHER = "joined_with_another"
    """Another session takes its matters on."""
    NO_LONGER_NEEDED = "no_longer_needed"


class OverrideReason(StrEnum):
    """Why a session is set on a day that clashes or is off all the same."""

    DIFFERENT_HOURS = "different_hours"
    """Both take place, one after the other."""
    URGENT = "urgent"
    PEOPLE_ASKED = "people_asked"
    """The people can come on that day only."""
    REPRESENTED = "represented"
    """Whoever is taken sends somebody."""


class DelegationReason(StrEnum):
    """Why the head of the unit doesn't chair."""

    OFFICIAL_DUTY = "official_duty"
    ON_LEAVE = "on_leave"
    SEAT_VACANT = "seat_vacant"
    CONCERNED_BY_TOPIC = "concerned_by_topic"


class OmissionReason(StrEnum):
    """Why a hot topic is not on the agenda."""

    ON_ANOTHER_AGENDA = "on_another_agenda"
    ALREADY_ANSWERED = "already_answered"
    NOT_COMPETENT = "not_competent"
    """Another level decides it."""
    UNDER_PROCEEDINGS = "under_proceedings"
    """In a statutory procedure: complaint, denunciation, court, inspection."""
    NOT_READY = "not_ready"
    """What is needed to speak about it is not there yet."""


class CorrectionReason(StrEnum):
    """Why approved minutes, or an issued conclusion, say something else from now on."""

    CLERICAL_ERROR = "clerical_error"
    OMITTED = "omitted"
    WRONG_FIGURE = "wrong_figure"
    AGENCY_CHANGED = "agency_changed"
    CIRCUMSTANCES_CHANGED = "circumstances_changed"


class CommitmentProgress(StrEnum):
    """How far a commitment of a conclusion has come."""

    ANSWERED = "answered"
    """The lead agency's answer is released; what it promises is still to be seen."""
    SETTLED = "settled"
    """The answer is released and leaves nothing to be done."""
    FULFILLED = "fulfilled"
    """Supervision has verified it."""
    CANCELLED = "cancelled"


class TextRefusal(StrEnum):
    """Why the reference that came with an opinion was not believed."""

    UNKNOWN = "unknown"
    """Its service has no such text of this province."""
    DIFFERS = "differs"
    """The text is there, and the reference commits to another one."""
    TAKEN = "taken"
    """The text tells another opinion."""


class TopicDismissal(StrEnum):
    """Why a topic is none (lý do bỏ vấn đề)."""

    NOT_SHARED = "not_shared"
    """Riêng lẻ: it is one case, and troubles nobody else."""
    SAME_AS_ANOTHER = "same_as_another"
    SETTLED = "settled"
    """Đã giải quyết xong."""


class Stance(StrEnum):
    """How people take a matter (thái độ)."""

    SUPPORT = "support"
    CONCERN = "concern"
    OPPOSE = "oppose"
    OUTRAGE = "outrage"


class Intensity(StrEnum):
    """How strongly they do (mức độ)."""

    MILD = "mild"
    MODERATE = "moderate"
    STRONG = "strong"


class Breadth(StrEnum):
    """How many do, as reports say it: a word, never a number (phạm vi)."""

    SOME = "some"
    MANY = "many"
    MOST = "most"
    OVERWHELMING = "overwhelming"


class AttendanceBasis(StrEnum):
    """How a number of attendances came about."""

    DECLARED = "declared"
    COUNTED = "counted"


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


class Visibility(StrEnum):
    """Who may read a text besides its owner's supervisors."""

    RESTRICTED = "restricted"
    """Only whoever now has to act on it."""
    PUBLIC = "public"


class ReferenceKind(StrEnum):
    """What a reference file is about (loại tệp tham chiếu)."""

    REGULATION = "regulation"
    """Rules of the whole country and defaults of this system."""
    CALENDAR = "calendar"
    """Days off and made up for, over the calendar of the `holidays` library."""
    FIELDS = "fields"
    PROVINCE = "province"
    """One province: units, organisations, agencies, routing, regulation, days off."""
    STATISTIC = "statistic"
    """A query over events, whose sums are figures."""
