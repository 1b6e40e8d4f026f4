"""A province: units, organisations, agencies, routing, regulation, calendar. One file each."""

from shared.provinces.bodies import Agency, Organisation, OrganisationKind
from shared.provinces.fields import Field
from shared.provinces.loading import load_province, load_provinces
from shared.provinces.province import Deadline, Province, province_of
from shared.provinces.routing import Routing

__all__ = [
    "Agency",
    "Deadline",
    "Field",
    "Organisation",
    "OrganisationKind",
    "Province",
    "Routing",
    "load_province",
    "load_provinces",
    "province_of",
]
