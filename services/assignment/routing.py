"""Who leads a referred opinion: the agency chosen by hand, else the routing table's."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.intake import OpinionReferred
from shared.kernel.errors import Refused
from shared.provinces import Province
from shared.provinces.routing import Routing


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The lead agency and why it is the one."""

    agency: str
    routing_citation: str | None
    """None when a person chose."""


def lead_of(referral: OpinionReferred, province: Province) -> Lead:
    """Return the lead agency for `referral`.

    A unit that was abolished between reception and referral is routed as on the day of
    reception: what Intake has recorded must not come to a stand here.

    Raises Refused: as `Province.route`, when the table has no answer on either day.
    """
    if referral.agency is not None:
        return Lead(agency=referral.agency, routing_citation=None)
    try:
        found = _routed(referral, province, referral.referred_on)
    except Refused:
        found = _routed(referral, province, referral.received_on)
    return Lead(agency=found.agency, routing_citation=found.citation)


def _routed(referral: OpinionReferred, province: Province, on: date) -> Routing:
    return province.route(referral.field, referral.level, on, unit=referral.unit)
