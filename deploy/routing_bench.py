"""What a changed routing table would have done with what was referred: replayed, not decided."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deploy.audit.archive import Archive, service_of
from services.assignment.routing import Lead, lead_of
from shared.contracts.intake import OpinionReferred
from shared.eventlog import Entry
from shared.kernel.errors import Refused
from shared.provinces import Province, Unrouted

TRIAGE = "triage"
"""Where a matter goes that no single agency is competent for."""
UNKNOWN = "refused"
"""Where the file has no answer, such as for a field that it does not know."""
_INTAKE = "intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """Where one referral goes by each of the two tables: an agency, or triage."""

    referral: OpinionReferred
    before: str
    after: str
    citation: str | None
    """Of the row in the changed table."""

    @property
    def is_moved(self) -> bool:
        """Tell whether the change concerns it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """Everything of a period, replayed."""

    replayed: tuple[Replayed, ...]
    by_hand: int
    """Referrals for which a person chose the agency: no table is asked."""

    @property
    def moved(self) -> Sequence[Replayed]:
        """Return what would go elsewhere, in the order of the log."""
        return [each for each in self.replayed if each.is_moved]


def referrals(archives: Iterable[Archive], first: date, last: date) -> Iterator[OpinionReferred]:
    """Yield what Intake's logs refer from `first` to `last`, both inclusive."""
    needle = OpinionReferred.__name__.encode()
    for archive in archives:
        if service_of(archive) != _INTAKE:
            continue
        for position, content in enumerate(archive.entries(0, archive.size())):
            if needle not in content:
                continue  # faster than reading what it says
            event = Entry(archive.origin, position, content).recorded().event
            if isinstance(event, OpinionReferred) and first <= event.referred_on <= last:
                yield event


def replay(found: Iterable[OpinionReferred], before: Province, after: Province) -> Bench:
    """Return where each referral goes by the table of `before` and by that of `after`."""
    replayed: list[Replayed] = []
    by_hand = 0
    for referral in found:
        if referral.agency is not None:
            by_hand += 1
            continue
        was, _ = _goes(referral, before)
        would, citation = _goes(referral, after)
        replayed.append(Replayed(referral=referral, before=was, after=would, citation=citation))
    return Bench(replayed=tuple(replayed), by_hand=by_hand)


def _goes(referral: OpinionReferred, province: Province) -> tuple[str, str | None]:
    try:
        lead = lead_of(referral, province)
    except Refused:
        return UNKNOWN, None
    match lead:
        case Lead():
            return lead.agency, lead.routing_citation
        case Unrouted():
            return TRIAGE, None
