"""What a caller may know of: what lies outside is answered as what is not there."""

from collections.abc import Sequence

import sqlalchemy as sa

from services.assignment import read_model
from services.assignment.read_model import Row
from shared.access import AGENCY_ROLES, Caller
from shared.kernel.errors import NotFound


def known_to(connection: sa.Connection, caller: Caller, assignment_ids: Sequence[str]) -> list[Row]:
    """Return the assignments in the order of their issue, all of which `caller` may know of.

    Raises:
        NotFound: `assignment.unknown` when one isn't there, is another province's, or is one
            in which the caller's agency takes no part.

    """
    rows = read_model.several(connection, assignment_ids)
    parties = read_model.agencies(connection, assignment_ids)
    if not all(may_know(caller, row, parties[row["assignment_id"]]) for row in rows):
        raise NotFound("assignment.unknown")
    return rows


def may_know(caller: Caller, row: Row, parties: Sequence[str]) -> bool:
    """Return whether `caller` may know that an assignment with those `parties` exists."""
    return caller.province in (None, row["province"]) and (
        caller.role not in AGENCY_ROLES or caller.agency in parties
    )
