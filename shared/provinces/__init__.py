"""A province: units, organisations, agencies, routing, regulation, calendar. One file each."""

from shared.provinces.bodies import (
    Agency,
    BodyChange,
    BodySuccession,
    Organisation,
    OrganisationKind,
)
from shared.provinces.fields import Field
from shared.provinces.folder import ProvinceFolder
from shared.provinces.loading import load_province, load_provinces
from shared.provinces.province import Province, province_of, shown_key
from shared.provinces.routing import Routing, Unrouted
from shared.provinces.succession import Split, successor_on
from shared.provinces.working_days import calendar_of

__all__ = [
    "Agency",
    "BodyChange",
    "BodySuccession",
    "Field",
    "Organisation",
    "OrganisationKind",
    "Province",
    "ProvinceFolder",
    "Routing",
    "Split",
    "Unrouted",
    "calendar_of",
    "load_province",
    "load_provinces",
    "province_of",
    "shown_key",
    "successor_on",
]
