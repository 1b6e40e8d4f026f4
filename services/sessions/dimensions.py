"""What every event of a session says of it."""

from dataclasses import fields
from typing import Any

from services.sessions.states import Fixed
from shared.contracts.sessions import SessionDimensions


def values(dimensions: SessionDimensions) -> dict[str, Any]:
    """Return the dimensions, by name."""
    return {f.name: getattr(dimensions, f.name) for f in fields(SessionDimensions)}


def dated(state: Fixed) -> dict[str, Any]:
    """Return the dimensions of the session and its day, by name."""
    return {**values(state.plan), "held_on": state.held_on}
