"""Events of Intake before an opinion has a disposition: heard, understood, sorted."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.opinion_dimensions import OpinionDimensions
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Level, OpinionKind, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAcknowledged(OpinionDimensions):
    """Whoever put the opinion forward was told that it is here."""

    acknowledged_on: date
    due_on: date
    """Last day on which that was in time, inclusive."""
    days_taken: int
    """Calendar days since `received_on`."""
    days_late: int
    deadline_citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverAcknowledged(OpinionDimensions):
    """An organisation confirmed that it has the opinion from the one that reported it."""

    receiver: str
    """Key of the organisation that has it now."""
    acknowledged_on: date
    due_on: date
    days_taken: int
    days_late: int
    deadline_citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationRequested(OpinionDimensions):
    """The reporter was asked what is meant. The screening clock stands still."""

    requested_on: date
    due_on: date
    """Last day for the reply, inclusive."""
    deadline_citation: str
    text: TextRef | None = None
    """The question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationProvided(OpinionDimensions):
    """The reporter replied. The screening clock goes on."""

    requested_on: date
    provided_on: date
    paused_working_days: int
    """Working days after `requested_on` to `provided_on`: how long the clock stood still."""
    text: TextRef | None = None
    """The reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationLapsed(OpinionDimensions):
    """No reply came in time. The opinion is declined with this."""

    requested_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionClassified(OpinionDimensions):
    """Screening found what the opinion is about. The dimensions are those from now on."""

    competent_level: Level
    """Level whose matter it is."""
    urgency: Urgency
    field_before: str
    opinion_kind_before: OpinionKind
    skips_level: bool | None = None
    """Whether it was brought to a higher level than the competent one; None: not known."""
    again: bool = False
    """Whether it had been classified before."""
    skips_level_before: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingNotified(OpinionDimensions):
    """The citizen's side was told where the declined matter belongs."""

    redirect: str
    declined_on: date
    notified_on: date
    due_on: date
    days_late: int
    deadline_citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DenunciationStubKept:
    """There was a denunciation, and who is competent was named. Nothing else is kept."""

    stub_id: str
    unit: str
    """Key of the unit that it was brought to."""
    level: Level
    redirect: str
    """Key of the competent agency."""
    kept_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionMerged(OpinionDimensions):
    """Another opinion, the head, stands for this one from now on: it is counted once."""

    head_id: str
    state_before: str
    """State that undoing brings back."""
    voices_moved: int
    """How many people count with the head from now on: its own, and its members'."""
    similarity_permille: int | None = None
    """How like the two texts are; None where nobody measured."""
    algorithm: str | None = None
    """Which version measured it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRetargeted(OpinionDimensions):
    """The head that the opinion was merged into gave way to another."""

    head_id: str
    head_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionUnmerged(OpinionDimensions):
    """The opinion stands for itself again, in the state that it was merged from."""

    head_id: str
    """The head that it leaves."""
    state_after: str
    voices_moved: int
    """How many people count with it again: its own."""
    promoted: bool = False
    """Whether it leaves because the head was withdrawn, and heads the others now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersJoined(OpinionDimensions):
    """Opinions were merged into this one; its voices are theirs too."""

    member_ids: tuple[str, ...]
    voices_moved: int
    """How many people came with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersLeft(OpinionDimensions):
    """Opinions left this one, their head."""

    member_ids: tuple[str, ...]
    voices_moved: int
    """How many people went with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSplit(OpinionDimensions):
    """The opinion is several matters. Its parts are counted, itself no more."""

    part_ids: tuple[str, ...]
    """At least two opinions, received with this one as `part_of`."""
    state_before: str
