"""What may happen after the room: minutes, conclusion, results, progress. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.sessions import amendment, conclusion
from services.sessions.amendment import commitments_after, has_ended
from services.sessions.conclusion import Fault, promised
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    IssueConclusion,
    NoteProgress,
    PublishResults,
)
from services.sessions.dimensions import dated
from services.sessions.states import Completed, Concluded, Held, Issued, Known, Minuted, Over
from shared.contracts.sessions import (
    CommitmentProgressed,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    ResultsPublished,
    SessionCompleted,
    SessionEvent,
)
from shared.contracts.vocabulary import CommitmentProgress
from shared.kernel.errors import Refused

Events = Sequence[SessionEvent]


def approve_minutes(command: ApproveMinutes, state: Known) -> Events:
    """Return the approval: attendances are frozen from now on.

    Refused: `session.not_ended`, `session.already_concluded`, `session.minutes_approved`.
    """
    if isinstance(state, Issued):
        raise Refused("session.already_concluded", number=state.conclusion.number)
    if isinstance(state, Minuted):
        if state.minutes.text == command.text:
            return ()
        raise Refused("session.minutes_approved")
    if not isinstance(state, Held):
        raise Refused("session.not_ended")
    return (
        MinutesApproved(
            **dated(state), approved_on=command.on, approver=command.approver, text=command.text
        ),
    )


def correct_minutes(command: CorrectMinutes, state: Known) -> Events:
    """Return the correction; what was approved stays. Refused: `session.no_minutes`."""
    minutes = state.minutes if isinstance(state, Minuted | Issued) else None
    if not isinstance(state, Minuted | Issued) or minutes is None:
        raise Refused("session.no_minutes")
    if minutes.text == command.text:
        return ()
    return (
        MinutesCorrected(
            **dated(state),
            corrected_on=command.on,
            correction=corrections(state) + 1,
            reason=command.reason,
            approver=command.approver,
            text=command.text,
        ),
    )


def corrections(state: Known) -> int:
    """Return how often the minutes were corrected."""
    minutes = state.minutes if isinstance(state, Minuted | Issued) else None
    return minutes.correction if isinstance(minutes, MinutesCorrected) else 0


def conclude(command: IssueConclusion, state: Known) -> Events:
    """Return the notice.

    Refused: `session.not_ended`, `session.not_minuted`, `session.already_concluded`,
    `session.conclusion_incomplete` with everything that it lacks.
    """
    if isinstance(state, Issued):
        if _is_repeated(command, state):
            return ()
        raise Refused("session.already_concluded", number=state.conclusion.number)
    if not isinstance(state, Held | Minuted):
        raise Refused("session.not_ended")
    if command.must_be_minuted and isinstance(state, Held):
        raise Refused("session.not_minuted")
    _refuse(conclusion.faults(command, state))
    return (_conclusion(command, state),)


def amend(command: AmendConclusion, state: Known) -> Events:
    """Return the amending notice, and the end of it all where nothing is left to be done.

    Refused: `session.not_concluded`, `session.conclusion_incomplete`.
    """
    issued = _issued(state)
    _refuse(amendment.faults(command, issued))
    amended = ConclusionAmended(
        **dated(issued),
        conclusion_id=issued.conclusion.conclusion_id,
        amendment=amendments(issued) + 1,
        number=command.number,
        issued_on=command.issued_on,
        signer=command.signer,
        reason=command.reason,
        commitments=commitments_after(command, issued),
    )
    after = replace(issued, amended=amended)
    return (amended, *_completed(after, command.issued_on))


def amendments(state: Issued) -> int:
    """Return how often the conclusion was amended."""
    return state.amended.amendment if state.amended is not None else 0


def publish(command: PublishResults, state: Known) -> Events:
    """Return the publication, and the end of it all where nothing is left to be done.

    Refused: `session.not_concluded`, `session.published_already`,
    `session.published_before_issue`, `session.published_in_future`.
    """
    issued = _issued(state)
    if issued.published is not None:
        if issued.published.published_on == command.published_on:
            return ()
        raise Refused("session.published_already", published_on=issued.published.published_on)
    if command.published_on < issued.conclusion.issued_on:
        raise Refused("session.published_before_issue", issued_on=issued.conclusion.issued_on)
    if command.published_on > command.today:
        raise Refused("session.published_in_future", today=command.today)
    published = ResultsPublished(
        **dated(issued),
        published_on=command.published_on,
        due_on=command.due.due_on,
        days_late=max(0, (command.published_on - command.due.due_on).days),
        deadline_citation=command.due.citation,
    )
    return (published, *_completed(issued, command.published_on))


def note_progress(command: NoteProgress, state: Known) -> Events:
    """Return how far the commitment has come, and the end of it all with the last one.

    Nothing for a commitment that doesn't hold any more, or has come as far already.
    """
    if not isinstance(state, Concluded | Completed):
        return ()
    current = {each.commitment_id for each in state.commitments}
    before = state.progress.get(command.commitment_id)
    is_known = before is not None and before.progress is command.progress
    if command.commitment_id not in current or is_known or has_ended(state, command.commitment_id):
        return ()
    progressed = CommitmentProgressed(
        **dated(state),
        commitment_id=command.commitment_id,
        progress=command.progress,
        progressed_on=command.on,
        days_late=command.days_late,
    )
    after = replace(state, progress={**state.progress, command.commitment_id: progressed})
    return (progressed, *_completed(after, command.on))


def _completed(state: Issued, on: date) -> Events:
    current = [each.commitment_id for each in state.commitments]
    if isinstance(state, Completed) or not all(has_ended(state, each) for each in current):
        return ()
    cancelled = sum(
        state.progress[each].progress is CommitmentProgress.CANCELLED for each in current
    )
    return (
        SessionCompleted(
            **dated(state),
            completed_on=on,
            fulfilled=len(current) - cancelled,
            cancelled=cancelled,
        ),
    )


def _issued(state: Known) -> Concluded | Completed:
    if isinstance(state, Concluded | Completed):
        return state
    raise Refused("session.not_concluded")


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        told = [fault.facts() for fault in found]
        raise Refused("session.conclusion_incomplete", count=len(found), faults=told)


def _is_repeated(command: IssueConclusion, state: Issued) -> bool:
    issued = state.conclusion
    is_whole = len(command.commitments) == len(issued.commitments)
    if issued.conclusion_due_on is None:  # by a release that did not say so
        command = replace(command, due=None)
    return is_whole and _conclusion(command, state) == issued


def _conclusion(command: IssueConclusion, state: Over) -> ConclusionIssued:
    written = (promised(commitment) for commitment in command.commitments)
    due = command.due
    return ConclusionIssued(
        **dated(state),
        conclusion_id=command.conclusion_id,
        number=command.number,
        issued_on=command.issued_on,
        signer=command.signer,
        commitments=tuple(commitment for commitment in written if commitment is not None),
        conclusion_due_on=due.due_on if due is not None else None,
        days_late=max(0, (command.issued_on - due.due_on).days) if due is not None else None,
        deadline_citation=due.citation if due is not None else None,
    )
