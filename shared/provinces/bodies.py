"""Organisations that report opinions, and agencies that answer them. Both are dated."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.kernel.periods import Dated
from shared.territory import folded

_ABBREVIATIONS = {
    "ub": "ủy ban",
    "mttq": "mặt trận tổ quốc",
    "ubmttq": "ủy ban mặt trận tổ quốc",
    "mttqvn": "mặt trận tổ quốc việt nam",
    "ubmttqvn": "ủy ban mặt trận tổ quốc việt nam",
    "vn": "việt nam",
    "hlhpn": "hội liên hiệp phụ nữ",
    "hnd": "hội nông dân",
    "hccb": "hội cựu chiến binh",
    "ldld": "liên đoàn lao động",
    "lđlđ": "liên đoàn lao động",
    "ubnd": "ủy ban nhân dân",
}
"""As reports of organisations and offices abbreviate them every day."""


def spelt_out(name: str) -> str:
    """Return the folded `name` with its usual abbreviations in full, for comparing."""
    words = (_FULL.get(word, word) for word in folded(name).split())
    return " ".join(words)


_FULL = {folded(short): folded(full) for short, full in _ABBREVIATIONS.items()}


class OrganisationKind(StrEnum):
    """Which organisation it is (loại tổ chức)."""

    FRONT = "front"
    """Ủy ban Mặt trận Tổ quốc Việt Nam."""
    WOMEN = "women"
    FARMERS = "farmers"
    VETERANS = "veterans"
    YOUTH = "youth"
    LABOUR = "labour"
    OTHER = "other"


class BodyChange(StrEnum):
    """What became of a body that ended (sắp xếp tổ chức)."""

    RENAMED = "renamed"
    """One body begins the next day in place of this one alone."""
    MERGED = "merged"
    """One body takes over from several, or took this one in."""
    SPLIT = "split"
    """Several bodies share its duties: which has a certain matter, a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodySuccession:
    """Who took over, from the day after a body's last one."""

    successors: tuple[str, ...]
    """Keys: several after a split, otherwise one."""
    change: BodyChange
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Dated):
    """What organisations and agencies have in common."""

    name: str
    unit: str
    """Key of the unit that it belongs to."""
    succession: BodySuccession | None = None
    """None: nobody took over, or it goes on under its key in the next row."""

    @property
    def succeeded_on(self) -> date | None:
        """Return the first day of whoever took over; None while no end is known."""
        return None if self.valid_to is None else self.valid_to + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Body):
    """The Front or a socio-political organisation of a unit."""

    organisation_kind: OrganisationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Body):
    """A body that can be given a matter and answers for it."""

    office: str | None = None
    """What it is in its unit, the same word in every unit: `ubnd`, `education_office`."""
