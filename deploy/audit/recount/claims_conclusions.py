"""What Sessions' events claim after the room: minutes, notices, publication."""

from dataclasses import dataclass, field
from datetime import date

from deploy.audit.logged import Logged
from deploy.audit.recount.premises import Premises, Unexplained
from services.sessions.commands import Command
from services.sessions.conclusion import tidy_number
from services.sessions.conclusion_commands import (
    AmendConclusion,
    ApproveMinutes,
    CorrectMinutes,
    IssueConclusion,
    KeptCommitment,
    ProposedCommitment,
    PublishResults,
)
from services.sessions.proposing import Notice, named
from services.sessions.written import due_day
from shared.contracts.sessions import (
    Commitment,
    ConclusionAmended,
    ConclusionIssued,
    MinutesApproved,
    MinutesCorrected,
    ResultsPublished,
    SessionDimensions,
)
from shared.kernel.ids import derived_id


@dataclass(slots=True)
class ConclusionClaims:
    """The part of `SessionsClaims` about what follows a session."""

    premises: Premises
    _numbers: dict[tuple[str, int, str], str] = field(default_factory=dict)
    """By unit, year and number of a notice: the session that it concludes."""
    _commitments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By conclusion: the ids of the commitments that hold."""

    def asked(self, logged: Logged, event: SessionDimensions) -> Command:
        """Return the command. Raises Unexplained `cause_missing`."""
        on, actor = logged.occurred_on, logged.recorded.actor
        match event:
            case MinutesApproved():
                return ApproveMinutes(on=on, approver=actor, text=event.text)
            case MinutesCorrected():
                return CorrectMinutes(on=on, approver=actor, reason=event.reason, text=event.text)
            case ConclusionIssued():
                return self._concluded(event, on)
            case ConclusionAmended():
                return self._amended(event, on)
            case ResultsPublished():
                due = due_day(self.premises.ruled_by(), "result_publication_due", event.held_on)
                return PublishResults(published_on=event.published_on, today=on, due=due)
            case _:
                raise Unexplained("cause_missing", cause=None)

    def note(self, event: ConclusionIssued | ConclusionAmended) -> None:
        """Remember the number, which is given once a year and unit, and what holds now."""
        self._numbers.setdefault(_number_of(event), event.session_id)
        self._commitments[event.conclusion_id] = tuple(
            each.commitment_id for each in event.commitments
        )

    def _concluded(self, event: ConclusionIssued, today: date) -> IssueConclusion:
        province = self.premises.ruled_by()
        conclusion_id = derived_id("conclusion", province.slug, event.session_id)
        notice = Notice(conclusion_id=conclusion_id, issued_on=event.issued_on)
        holder = self._numbers.get(_number_of(event))
        formalities = province.regulation.rule("session_formalities", event.held_on)
        is_due_said = event.conclusion_due_on is not None
        return IssueConclusion(
            conclusion_id=conclusion_id,
            number=tidy_number(event.number),
            is_number_free=holder in {None, event.session_id},
            issued_on=event.issued_on,
            signer=event.signer,
            commitments=tuple(
                self._proposed(each, notice, place)
                for place, each in enumerate(event.commitments, start=1)
            ),
            today=today,
            backdating_max_days=self._backdating(today),
            due=due_day(province, "conclusion_due", event.held_on) if is_due_said else None,
            must_be_minuted=formalities.as_formalities().minuted,
        )

    def _amended(self, event: ConclusionAmended, today: date) -> AmendConclusion:
        before = self._commitments.get(event.conclusion_id, ())
        notice = Notice(
            conclusion_id=event.conclusion_id,
            issued_on=event.issued_on,
            amendment=event.amendment,
        )
        return AmendConclusion(
            number=tidy_number(event.number),
            is_number_free=_number_of(event) not in self._numbers,
            issued_on=event.issued_on,
            signer=event.signer,
            reason=event.reason,
            commitments=tuple(
                KeptCommitment(commitment_id=each.commitment_id)
                if each.commitment_id in before
                else self._proposed(each, notice, place)
                for place, each in enumerate(event.commitments, start=1)
            ),
            today=today,
            backdating_max_days=self._backdating(today),
        )

    def _proposed(self, made: Commitment, notice: Notice, place: int) -> ProposedCommitment:
        province, on = self.premises.ruled_by(), notice.issued_on
        return ProposedCommitment(
            commitment_id=notice.part_id("commitment", place),
            field=made.field,
            is_field_known=province.fields.on(made.field, on) is not None,
            opinion_ids=made.opinion_ids,
            lead=named(province, made.lead_agency, on),
            cooperating=tuple(named(province, key, on) for key in made.cooperating_agencies),
            product=made.product,
            due_on=made.due_on,
            supersedes=made.supersedes,
        )

    def _backdating(self, today: date) -> int:
        rule = self.premises.ruled_by().regulation.rule("backdating_max_days", today)
        return rule.as_count()


def _number_of(event: ConclusionIssued | ConclusionAmended) -> tuple[str, int, str]:
    return event.unit, event.issued_on.year, event.number.casefold()
