"""Opinions: what they are, how they came, why something was done with them; topics and moods."""

from enum import StrEnum


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
