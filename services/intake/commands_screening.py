"""What can be asked of an opinion until it has a disposition, beside taking it in."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Level, OpinionKind, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day that something was to be done by, and where that stands."""

    due_on: date
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReceipt:
    """The reporter was told that the opinion is here."""

    on: date
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeHandover:
    """An organisation has the opinion from the one that reported it."""

    receiver: str
    on: date
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClarification:
    """Ask the reporter what is meant; stops the screening clock."""

    on: date
    deadline: Deadline
    text: TextRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideClarification:
    """The reporter replied."""

    on: date
    paused_working_days: int
    """Working days since the question was asked."""
    text: TextRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseClarification:
    """No reply came; looked at on the day `today`."""

    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyOpinion:
    """Say what the opinion is about, and whose matter it is."""

    opinion_kind: OpinionKind
    field: str
    competent_level: Level
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyForwarding:
    """The citizen's side was told where the declined matter belongs."""

    on: date
    deadline: Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOpinion:
    """Let another opinion, the head, stand for this one."""

    head_id: str
    head_state: str
    """Name of the state that the head is in."""
    similarity_permille: int | None
    algorithm: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetargetOpinion:
    """Another head stands for the opinion from now on."""

    head_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeOpinion:
    """Let the opinion stand for itself again."""

    promoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinMembers:
    """Opinions were merged into this one."""

    member_ids: tuple[str, ...]
    voices: int
    """How many people come with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMembers:
    """Opinions leave this one, their head."""

    member_ids: tuple[str, ...]
    voices: int
    """How many people go with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOpinion:
    """Let parts stand for the opinion."""

    part_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStub:
    """Keep that there was a denunciation, and who is competent; nothing of it."""

    stub_id: str
    unit: str
    level: Level
    redirect: str
    on: date


ScreeningCommand = (
    AcknowledgeReceipt
    | AcknowledgeHandover
    | RequestClarification
    | ProvideClarification
    | LapseClarification
    | ClassifyOpinion
    | NotifyForwarding
    | MergeOpinion
    | RetargetOpinion
    | UnmergeOpinion
    | JoinMembers
    | ReleaseMembers
    | SplitOpinion
)
