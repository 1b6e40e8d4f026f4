"""Where a reader of logs stands, what it could not read, and what is yet to be published."""

from shared.projections.applier import AsStored, Handler, Reaction
from shared.projections.follower import Follower
from shared.projections.halts import retry
from shared.projections.lease import Lease
from shared.projections.owner import LocalOwner, Owner, OwnerAway
from shared.projections.skip import skip
from shared.projections.status import (
    FollowStatus,
    entries_behind,
    entries_unpublished,
    follow_status,
)
from shared.projections.tables import FollowTables, follow_tables

__all__ = [
    "AsStored",
    "FollowStatus",
    "FollowTables",
    "Follower",
    "Handler",
    "Lease",
    "LocalOwner",
    "Owner",
    "OwnerAway",
    "Reaction",
    "entries_behind",
    "entries_unpublished",
    "follow_status",
    "follow_tables",
    "retry",
    "skip",
]
