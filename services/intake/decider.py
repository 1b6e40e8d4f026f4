"""One opinion: received, screened, disposed of, answered, and what people say to that.

Pure. Read `decide` for what can be asked, the modules that it names for the rules, and
`evolve` for what each event changes.
"""

from collections.abc import Sequence
from typing import assert_never

from services.intake import (
    answering,
    clarification,
    disposition,
    erasing,
    feedback,
    linking,
    merging,
    reopening,
    screening,
    splitting,
    withdrawal,
)
from services.intake.commands import (
    AcceptOpinion,
    AnswerOnSpot,
    Command,
    CoverByCommitment,
    DeclineOpinion,
    NoteOverdue,
    ReceiveOpinion,
    ReceiveRaised,
    RecordAnswer,
    ReferOpinion,
    ScheduleOpinion,
    TakeOffAgenda,
)
from services.intake.commands_course import (
    CloseOpinion,
    CourseCommand,
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
    JoinMembers,
    LapseClarification,
    MergeOpinion,
    NotifyForwarding,
    ProvideClarification,
    ReleaseMembers,
    RequestClarification,
    RetargetOpinion,
    ScreeningCommand,
    SplitOpinion,
    UnmergeOpinion,
)
from services.intake.evolving import OpinionEvent, evolve
from services.intake.reception import receive, receive_raised
from services.intake.states import State, Unknown
from shared.kernel.decider import Decider

Events = Sequence[OpinionEvent]


def decide(command: Command, state: State) -> Events:
    """Return what happens when `command` meets `state`; nothing, if it already has.

    What comes from another service (raised, covered, returned, overdue, answered) is never
    refused: it has happened, so a state that it does not fit gives no event.

    Raises:
        Refused: with code
            `opinion.reported_differently` when an id comes back with other content,
            `opinion.received_in_future`, `opinion.received_too_long_ago` by the date,
            `opinion.voices_missing` when it stands for nobody,
            `opinion.denunciation_not_stored` when a denunciation is reported here,
            `opinion.must_be_declined` when a complaint is to go on in the flow,
            `opinion.same_seat` when the regulation wants another seat to accept,
            `opinion.redirect_missing` when nobody competent is named for it,
            `opinion.session_before_reception` when the dates contradict,
            and, in the other modules' commands, as these say.

    """
    match command:
        case ReceiveOpinion():
            return receive(command, state)
        case ReceiveRaised():
            return receive_raised(command) if isinstance(state, Unknown) else ()
        case AcceptOpinion():
            return screening.accept(command, state)
        case DeclineOpinion():
            return screening.decline(command, state)
        case ReferOpinion():
            return disposition.refer(command, state)
        case ScheduleOpinion():
            return disposition.schedule(command, state)
        case TakeOffAgenda():
            return disposition.take_off(command, state)
        case CoverByCommitment():
            return disposition.cover(command, state)
        case AnswerOnSpot():
            return answering.answer_on_spot(command, state)
        case RecordAnswer():
            return answering.record_answer(command, state)
        case NoteOverdue():
            return answering.note_overdue(command, state)
        case _ if isinstance(command, ScreeningCommand):
            return _decide_screening(command, state)
        case _:
            return _decide_course(command, state)


OPINION: Decider[Command, State, OpinionEvent] = Decider(Unknown(), decide, evolve)


def _decide_screening(command: ScreeningCommand, state: State) -> Events:
    """Raises Refused.

    `opinion.not_in_screening`, `opinion.not_clarifying`, `opinion.not_redirected`,
    `opinion.not_known`, `opinion.handed_to_itself`; `opinion.not_mergeable`,
    `opinion.merged_into_itself`, `opinion.head_not_live`, `opinion.not_merged`;
    `opinion.not_splittable`, `opinion.is_part`, `opinion.has_members`,
    `opinion.too_few_parts`.
    """
    match command:
        case AcknowledgeReceipt():
            return screening.acknowledge_receipt(command, state)
        case AcknowledgeHandover():
            return screening.acknowledge_handover(command, state)
        case RequestClarification():
            return clarification.request(command, state)
        case ProvideClarification():
            return clarification.provide(command, state)
        case LapseClarification():
            return clarification.lapse(command, state)
        case ClassifyOpinion():
            return screening.classify(command, state)
        case NotifyForwarding():
            return screening.notify_forwarding(command, state)
        case MergeOpinion():
            return merging.merge(command, state)
        case RetargetOpinion():
            return merging.retarget(command, state)
        case UnmergeOpinion():
            return merging.unmerge(command, state)
        case JoinMembers():
            return merging.join(command, state)
        case ReleaseMembers():
            return merging.release(command, state)
        case SplitOpinion():
            return splitting.split(command, state)
        case _:
            assert_never(command)


def _decide_course(command: CourseCommand, state: State) -> Events:
    """Raises Refused.

    `opinion.not_withdrawable`, `opinion.has_members`; `opinion.not_answered`,
    `opinion.not_a_reporter`, `opinion.feedback_given`, `opinion.feedback_over`,
    `opinion.feedback_unexplained`, `opinion.feedback_open`,
    `opinion.plan_without_commitment`; `opinion.reopening_pending`,
    `opinion.no_reopening_asked`; `opinion.not_linkable`, `opinion.recurs_to_itself`;
    `opinion.not_known`, `opinion.erased`, `opinion.no_erasure_asked`,
    `opinion.erasure_not_granted`.
    """
    match command:
        case RescheduleOpinion():
            return disposition.reschedule(command, state)
        case ReturnOpinion():
            return disposition.give_back(command, state)
        case WithdrawOpinion():
            return withdrawal.withdraw(command, state)
        case NotifyReporter():
            return answering.notify(command, state)
        case GiveFeedback():
            return feedback.give(command, state)
        case LapseFeedback():
            return feedback.lapse(command, state)
        case RequestReopening():
            return reopening.request(command, state)
        case ReopenOpinion():
            return reopening.reopen(command, state)
        case DeclineReopening():
            return reopening.decline(command, state)
        case CloseOpinion():
            return feedback.close(command, state)
        case LinkRecurrence():
            return linking.link(command, state)
        case MarkGoodPractice():
            return linking.mark(command, state)
        case RequestErasure():
            return erasing.request(command, state)
        case DecideErasure():
            return erasing.decide_erasure(command, state)
        case EraseNarrative():
            return erasing.erase(command, state)
        case _:
            assert_never(command)
