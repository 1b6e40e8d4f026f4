"""An opinion's further course as a story: what leads to it, and what can be asked then."""

from datetime import date, timedelta

from services.intake.commands import Command
from services.intake.commands_course import (
    CloseOpinion,
    DecideErasure,
    DeclineReopening,
    EraseNarrative,
    GiveFeedback,
    LapseFeedback,
    LinkRecurrence,
    MarkGoodPractice,
    NotifyReporter,
    ReopenOpinion,
    RequestErasure,
    RequestReopening,
    RescheduleOpinion,
    ReturnOpinion,
    WithdrawOpinion,
)
from services.intake.commands_screening import (
    AcknowledgeHandover,
    AcknowledgeReceipt,
    ClassifyOpinion,
    Deadline,
    JoinMembers,
    LapseClarification,
    MergeOpinion,
    NotifyForwarding,
    ProvideClarification,
    ReleaseMembers,
    RequestClarification,
    RetargetOpinion,
    SplitOpinion,
    UnmergeOpinion,
)
from services.intake.decider import OPINION
from services.intake.evolving import OpinionEvent
from shared.contracts.vocabulary import (
    ErasureRefusal,
    FeedbackReason,
    Level,
    OpinionKind,
    ReopenRefusal,
    ReturnReason,
    Satisfaction,
    Urgency,
    WithdrawalReason,
)
from tests.services.intake.story import OPINION_ID, RECEIVED_ON, SESSION_ID, TODAY

Past = tuple[OpinionEvent, ...]

HEAD_ID = "0b7a5f0e-0000-5000-8000-0000000000b1"
OTHER_HEAD_ID = "0b7a5f0e-0000-5000-8000-0000000000b2"
MEMBER_ID = "0b7a5f0e-0000-5000-8000-0000000000c1"
PART_IDS = ("part-1", "part-2")
ANSWERED_ON = date(2019, 6, 20)
DUE = Deadline(due_on=TODAY + timedelta(days=10), citation="Điều 1")
WINDOW = Deadline(due_on=ANSWERED_ON + timedelta(days=15), citation="Điều 2")
OVER = WINDOW.due_on + timedelta(days=1)


def after(past: Past, *commands: Command) -> Past:
    """Return `past` with what `commands` lead to."""
    for command in commands:
        past = (*past, *OPINION.decide(command, OPINION.state_after(past)))
    return past


def acknowledging(on: date = TODAY) -> AcknowledgeReceipt:
    return AcknowledgeReceipt(on=on, deadline=DUE)


def handing_over(receiver: str = "mttq-ba-dinh") -> AcknowledgeHandover:
    return AcknowledgeHandover(receiver=receiver, on=TODAY, deadline=DUE)


def asking_back() -> RequestClarification:
    return RequestClarification(on=TODAY, deadline=DUE, text=None)


def replying(paused: int = 4) -> ProvideClarification:
    on = TODAY + timedelta(days=6)
    return ProvideClarification(on=on, paused_working_days=paused, text=None)


def letting_lapse(today: date = DUE.due_on + timedelta(days=1)) -> LapseClarification:
    return LapseClarification(today=today)


def classifying(
    kind: OpinionKind = OpinionKind.PROPOSAL,
    field: str = "urban_order",
    level: Level = Level.COMMUNE,
) -> ClassifyOpinion:
    return ClassifyOpinion(
        opinion_kind=kind, field=field, competent_level=level, urgency=Urgency.PRESSING
    )


def telling_where(on: date = TODAY) -> NotifyForwarding:
    return NotifyForwarding(on=on, deadline=DUE)


def merging(
    head_id: str = HEAD_ID, head_state: str = "eligible", permille: int | None = 840
) -> MergeOpinion:
    return MergeOpinion(
        head_id=head_id,
        head_state=head_state,
        similarity_permille=permille,
        algorithm=None if permille is None else "words-3",
    )


def unmerging(*, promoted: bool = False) -> UnmergeOpinion:
    return UnmergeOpinion(promoted=promoted)


def retargeting() -> RetargetOpinion:
    return RetargetOpinion(head_id=OTHER_HEAD_ID)


def joining(*member_ids: str, voices: int = 5) -> JoinMembers:
    return JoinMembers(member_ids=member_ids or (MEMBER_ID,), voices=voices)


def releasing(*member_ids: str, voices: int = 5) -> ReleaseMembers:
    return ReleaseMembers(member_ids=member_ids or (MEMBER_ID,), voices=voices)


def splitting(*part_ids: str) -> SplitOpinion:
    return SplitOpinion(part_ids=part_ids or PART_IDS)


def withdrawing(*, keep_ex_officio: bool = False) -> WithdrawOpinion:
    return WithdrawOpinion(
        on=TODAY, reason=WithdrawalReason.REPORTER_ASKED, keep_ex_officio=keep_ex_officio
    )


def rescheduling(held_on: date, session_id: str = SESSION_ID) -> RescheduleOpinion:
    return RescheduleOpinion(session_id=session_id, held_on=held_on)


def returning(commitment_id: str | None = None, round_: int = 1) -> ReturnOpinion:
    return ReturnOpinion(
        round=round_,
        reason=ReturnReason.ISSUED_IN_ERROR,
        on=TODAY,
        commitment_id=commitment_id,
    )


def telling() -> NotifyReporter:
    return NotifyReporter(on=ANSWERED_ON + timedelta(days=2))


def commenting(
    satisfaction: Satisfaction = Satisfaction.NOT_SATISFIED,
    *reasons: FeedbackReason,
    reporter: str = OPINION_ID,
    on: date = ANSWERED_ON,
) -> GiveFeedback:
    return GiveFeedback(
        reporter=reporter,
        satisfaction=satisfaction,
        reasons=reasons or (FeedbackReason.INCOMPLETE,),
        on=on,
        window=WINDOW,
    )


def window_closing(today: date = OVER) -> LapseFeedback:
    return LapseFeedback(today=today, window=WINDOW)


def wanting_again() -> RequestReopening:
    return RequestReopening(
        on=OVER, reasons=(FeedbackReason.CAME_BACK, FeedbackReason.NOT_CARRIED_OUT)
    )


def reopening(at_level: int = 2) -> ReopenOpinion:
    return ReopenOpinion(on=OVER, reopenings_at_level=at_level)


def refusing_again() -> DeclineReopening:
    return DeclineReopening(on=OVER, reason=ReopenRefusal.ANSWER_STANDS)


def closing(*, commitment_stands: bool = True) -> CloseOpinion:
    return CloseOpinion(on=OVER, commitment_stands=commitment_stands)


def linking(earlier_id: str = HEAD_ID) -> LinkRecurrence:
    return LinkRecurrence(
        earlier_id=earlier_id, earlier_answered_on=RECEIVED_ON - timedelta(days=90), on=TODAY
    )


def praising() -> MarkGoodPractice:
    return MarkGoodPractice(on=OVER)


def wanting_erased() -> RequestErasure:
    return RequestErasure(on=TODAY, deadline=DUE)


def granting(on: date = TODAY) -> DecideErasure:
    return DecideErasure(on=on, refusal=None, deadline=DUE)


def denying() -> DecideErasure:
    return DecideErasure(on=TODAY, refusal=ErasureRefusal.IN_HANDLING, deadline=DUE)


def erasing(on: date = TODAY) -> EraseNarrative:
    return EraseNarrative(on=on, texts=1)
