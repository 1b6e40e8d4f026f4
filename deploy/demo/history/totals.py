"""What the history adds up to, counted from its data."""

from dataclasses import dataclass

from deploy.demo.history.place import Cell
from deploy.demo.history.records import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Measures of one cell of the sessions report."""

    sessions: int = 0
    attendances: int = 0
    opinions: int = 0
    answered: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        """Return both together, measure by measure."""
        return Totals(
            sessions=self.sessions + other.sessions,
            attendances=self.attendances + other.attendances,
            opinions=self.opinions + other.opinions,
            answered=self.answered + other.answered,
        )


def totals(history: History) -> dict[Cell, Totals]:
    """Return the totals by level and kind of session; opinions without one don't count."""
    cells: dict[Cell, Totals] = {}
    for session in history.sessions:
        cell = (session.level, session.session_kind)
        cells[cell] = cells.get(cell, Totals()) + Totals(
            sessions=1,
            attendances=session.attended,
            opinions=len(session.opinions),
            answered=sum(opinion.is_answered for opinion in session.opinions),
        )
    return cells
