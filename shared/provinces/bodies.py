"""Organisations that report opinions, and agencies that answer them. Both are dated."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.periods import Dated


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Dated):
    """The Front or a socio-political organisation of a unit."""

    name: str
    unit: str
    organisation_kind: OrganisationKind
    successor: str | None = None
    """Key of the organisation that took over its duties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(Dated):
    """A body that can be given a matter and answers for it."""

    name: str
    unit: str
    """Key of the unit whose agency it is."""
    office: str | None = None
    """What it is in its unit, the same word in every unit: `ubnd`, `education_office`."""
    successor: str | None = None
    """Key of the agency that took over its duties."""
