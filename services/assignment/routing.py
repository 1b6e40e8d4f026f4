"""Who leads a referred opinion: the agency chosen by hand, else the routing table's."""

from dataclasses import dataclass

from shared.contracts.intake import OpinionReferred
from shared.provinces import Province


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The lead agency and why it is the one."""

    agency: str
    routing_citation: str | None
    """None when a person chose."""


def lead_of(referral: OpinionReferred, province: Province) -> Lead:
    """Return the lead agency for `referral`.

    Raises Refused: as `Province.route`, when the table has no answer.
    """
    if referral.agency is not None:
        return Lead(agency=referral.agency, routing_citation=None)
    found = province.route(referral.field, referral.level, referral.referred_on, unit=referral.unit)
    return Lead(agency=found.agency, routing_citation=found.citation)
