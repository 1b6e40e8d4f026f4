"""Territorial units and their history. An official code alone never names a unit."""

from shared.territory.names import folded
from shared.territory.territory import Territory
from shared.territory.units import OfficialCode, Scheme, Unit

__all__ = ["OfficialCode", "Scheme", "Territory", "Unit", "folded"]
