"""The service whose logs are followed, as its replay port shows it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

import sqlalchemy as sa

from shared.eventlog import Entry, Ledger
from shared.kernel.errors import NotFound, Unavailable


class OwnerAway(Unavailable):
    """The replay port does not answer as it should; what the broker brings still counts."""


class Owner(Protocol):
    """A replay port."""

    def heads(self) -> Mapping[str, int]:
        """Return each origin with the position of its last entry, -1 for an empty log.

        Raises:
            OwnerAway: `follower.owner_away`.

        """

    def entries(self, origin: str, after: int, limit: int) -> Sequence[Entry]:
        """Return entries in order, from the one after position `after`; at most `limit`.

        Fewer may come, as a page is bounded by bytes too; none only at the end of the log.

        Raises:
            OwnerAway: `follower.owner_away`, `follower.owner_answers_wrongly`.

        """


class LocalOwner:
    """An owner in the same process: the embedded default."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def heads(self) -> Mapping[str, int]:
        """See `Owner.heads`."""
        with self._as_owner():
            return self._ledger.heads()

    def entries(self, origin: str, after: int, limit: int) -> Sequence[Entry]:
        """See `Owner.entries`."""
        with self._as_owner():
            try:
                return self._ledger.by_origin(origin).read(after, limit)
            except NotFound:  # no log of this owner, whoever said so
                raise OwnerAway(
                    "follower.owner_answers_wrongly", origin=origin, position=after + 1
                ) from None

    @contextmanager
    def _as_owner(self) -> Iterator[None]:
        """Tell an outage of the owner's database from one of the follower's own."""
        try:
            yield
        except (sa.exc.DBAPIError, sa.exc.TimeoutError):
            raise OwnerAway("follower.owner_away", service=self._ledger.service) from None
