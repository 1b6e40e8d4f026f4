"""Who leads a referred opinion: the agency chosen by hand, else the routing table's."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.intake import OpinionDimensions, OpinionReferred, OpinionReopened
from shared.contracts.vocabulary import Level, TriageReason
from shared.kernel.errors import Refused
from shared.provinces import Province, Routing, Split, Unrouted

_UPWARDS = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The lead agency and why it is the one."""

    agency: str
    routing_citation: str | None
    """None when a person chose, or when it had the matter before."""


def lead_of(referral: OpinionReferred, province: Province) -> Lead | Unrouted:
    """Return the lead agency for `referral`, or that a person must say.

    A unit that was abolished between reception and referral is routed as on the day of
    reception: what Intake has recorded must not come to a stand here.

    Raises Refused: as `Province.route`, when the table has no answer on either day.
    """
    if referral.agency is not None:
        return Lead(agency=referral.agency, routing_citation=None)
    return _routed(referral, referral.level, province, referral.referred_on)


def lead_again(reopened: OpinionReopened, province: Province) -> tuple[Level, Lead | Unrouted]:
    """Return the level and the lead agency of an opinion's next round.

    Who answered before answers again, or who has its duties now; one level up, or where
    nobody has them, the routing table says. Raises Refused as `Province.route`.
    """
    on = reopened.reopened_on
    if reopened.level_up:
        level = level_above(reopened.unit, reopened.level, province, on)
        return level, _routed(reopened, level, province, on)
    if reopened.agency is not None:
        now = successor(reopened.agency, province, on)
        if now is not None:
            return reopened.level, now
    return reopened.level, _routed(reopened, reopened.level, province, on)


def successor(agency: str, province: Province, on: date) -> Lead | Unrouted | None:
    """Return who has the duties of `agency` on the day `on`; None when nobody has."""
    rows = [row for row in province.agencies.ever(agency) if row.valid_from <= on]
    after = province.agency_after(rows[-1], on) if rows else None
    match after:
        case None:
            return None
        case Split():
            keys = tuple(body.key for body in after.bodies)
            return Unrouted(reason=TriageReason.AGENCY_SPLIT, candidates=keys)
        case _:
            return Lead(agency=after.key, routing_citation=None)


def level_above(unit: str, level: Level, province: Province, on: date) -> Level:
    """Return the next level that the unit's territory has on the day `on`; the highest stays."""
    above = _UPWARDS[_UPWARDS.index(level) + 1 :]
    there = {each.level for each in province.territory.line(unit, on)}
    return next((each for each in above if each in there), Level.PROVINCE)


def _routed(
    opinion: OpinionDimensions, level: Level, province: Province, on: date
) -> Lead | Unrouted:
    try:
        found = _asked(opinion, level, province, on)
    except Refused:
        found = _asked(opinion, level, province, opinion.received_on)
    if isinstance(found, Unrouted):
        return found
    return Lead(agency=found.agency, routing_citation=found.citation)


def _asked(
    opinion: OpinionDimensions, level: Level, province: Province, on: date
) -> Routing | Unrouted:
    return province.route(
        opinion.field, level, on, unit=opinion.unit, opinion_kind=opinion.opinion_kind
    )
