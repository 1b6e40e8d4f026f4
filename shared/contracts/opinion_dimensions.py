"""What every figure about an opinion is broken down by."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.vocabulary import Channel, Level, OpinionKind, SessionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDimensions:
    """What every figure about an opinion is broken down by, as known at the event."""

    opinion_id: str
    unit: str
    """Key of the territorial unit in the province's file, never an official code."""
    level: Level
    field: str
    opinion_kind: OpinionKind
    channel: Channel
    organisation: str
    """Key of the organisation that reported the opinion."""
    voices: int
    """How many people hold it, at least 1; those of opinions merged into it included."""
    received_on: date
    session_id: str | None = None
    session_kind: SessionKind | None = None
    held_on: date | None = None
    """The session's day: the cohort that the opinion and its answer count in."""
    session_unit: str | None = None
    """Whose session it is: a ward's opinion may be heard at the district's. None: `unit`'s."""
    session_level: Level | None = None
