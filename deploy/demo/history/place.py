"""Ba Đình district as the history needs it, read from the data beside this package."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from shared.contracts.vocabulary import Level, SessionKind

DATA = files("deploy.demo") / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locality:
    """A unit that holds sessions, and the organisation of the Front beside it."""

    slug: str
    unit: str
    name: str
    level: Level
    organisation: str
    organisation_name: str
    topics: tuple[str, ...]
    """Fields that people there speak of most."""
    sessions: int
    """Relative weight among the wards."""
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The district, its wards, and the days on which sessions can be held."""

    district: Locality
    wards: tuple[Locality, ...]
    fields: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, int], ...]
    first_on: date
    last_on: date
    """First and last day of a session, both inclusive."""
    pauses: tuple[tuple[date, date], ...]
    online_from: date
    lead_agencies: dict[Level, dict[str, str]]
    agency_names: dict[str, str]
    redirect: str

    @property
    def localities(self) -> tuple[Locality, ...]:
        """Return the district, then its wards."""
        return (self.district, *self.wards)

    def lead_agency(self, locality: Locality, field: str) -> str:
        """Return the key of the agency that leads on `field` for a session of `locality`."""
        table = self.lead_agencies[locality.level]
        return table.get(field, table["other"]).format(slug=locality.slug)

    def agency_name(self, key: str) -> str:
        """Return the agency's name in Vietnamese."""
        return self.agency_names[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The published figures of one cell."""

    sessions: int
    attendances: int
    opinions: int
    answered: int


Cell = tuple[Level, SessionKind]


@cache
def document(name: str) -> dict[str, Any]:
    """Return the TOML document `name` of the demo's data."""
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def published_figures() -> dict[Cell, Published]:
    """Return what the press published, for the cells that the history must fill.

    Source: Hà Nội Mới, "Hiệu quả từ công tác tiếp xúc, đối thoại", figures of 2017–2021.
    """
    lines = (DATA / "ba-dinh-2017-2021.csv").read_text(encoding="utf-8").splitlines()
    return {
        (Level(row["level"]), SessionKind(row["session_kind"])): Published(
            sessions=int(row["sessions"]),
            attendances=int(row["attendances"]),
            opinions=int(row["opinions"]),
            answered=int(row["answered"]),
        )
        for row in csv.DictReader(lines)
        if row["level"]
    }


@cache
def ba_dinh() -> Place:
    """Return Ba Đình as it was in 2017–2021."""
    raw = document("ba-dinh.toml")
    district = raw["district"]
    wards = tuple(
        Locality(
            slug=ward["slug"],
            unit=f"phuong-{ward['slug']}",
            name=ward["name"],
            level=Level.COMMUNE,
            organisation=f"mttq-phuong-{ward['slug']}",
            organisation_name=raw["organisation_name"].format(name=ward["name"]),
            topics=tuple(ward["topics"]),
            sessions=ward["sessions"],
            streets=tuple(ward["streets"]),
        )
        for ward in raw["wards"]
    )
    names = dict(raw["agency_names"])
    for ward in wards:
        for key, name in raw["ward_agency_names"].items():
            names[key.format(slug=ward.slug)] = name.format(name=ward.name)
    return Place(
        district=Locality(
            slug=district["key"],
            unit=district["key"],
            name=district["name"],
            level=Level.DISTRICT,
            organisation=district["organisation"],
            organisation_name=raw["organisation_name"].format(name=district["name"]),
            topics=tuple(district["topics"]),
            sessions=0,
            streets=tuple(street for ward in wards for street in ward.streets),
        ),
        wards=wards,
        fields=tuple(raw["fields"].items()),
        years=tuple((int(year), weight) for year, weight in raw["years"].items()),
        first_on=raw["first_on"],
        last_on=raw["last_on"],
        pauses=tuple((pause["from"], pause["to"]) for pause in raw["pauses"]),
        online_from=raw["online"]["from"],
        lead_agencies={Level(level): table for level, table in raw["lead"].items()},
        agency_names=names,
        redirect=raw["redirect"],
    )
