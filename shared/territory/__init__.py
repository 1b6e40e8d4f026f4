"""Territorial units and their history. An official code alone never names a unit."""

from shared.territory.keys import keys
from shared.territory.kinds import UnitKind
from shared.territory.lists import ListedUnit, children_of, line_of, listed, unit_of
from shared.territory.names import folded, plain
from shared.territory.search import Found, Hit, Match, find
from shared.territory.succession import History, Restated, Succession, history, restate
from shared.territory.territory import Territory
from shared.territory.units import CHANGED_ON, OfficialCode, Scheme, Unit

__all__ = [
    "CHANGED_ON",
    "Found",
    "History",
    "Hit",
    "ListedUnit",
    "Match",
    "OfficialCode",
    "Restated",
    "Scheme",
    "Succession",
    "Territory",
    "Unit",
    "UnitKind",
    "children_of",
    "find",
    "folded",
    "history",
    "keys",
    "line_of",
    "listed",
    "plain",
    "restate",
    "unit_of",
]
