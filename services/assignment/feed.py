"""The feed of an agency: the events that concern it, numbered 1, 2, 3 … without a gap.

Written in the transaction of the append, under the log's lock. So the numbers follow the
log's order, a rolled back append leaves no gap, and the log alone can rebuild them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.assignment.tables import LOG, feed, feed_entry
from shared.contracts import Event
from shared.contracts.assignment import AssignmentIssued
from shared.contracts.assignment_course import (
    ContributionMissed,
    ContributionSubmitted,
    CoordinationRequested,
    LeadTransferred,
)
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.eventlog import EventLog, Recorded
from shared.eventlog.proof import leaf_hash

FIRST_SEQ = 1
PAGE_MAX_ENTRIES = 500
PAGE_MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry of a feed: the stored bytes of the log, and where they stand."""

    feed_seq: int
    origin: str
    position: int
    type: str
    event_id: str
    content: bytes

    @property
    def leaf(self) -> bytes:
        """RFC 6962 leaf hash of the entry, 32 bytes."""
        return leaf_hash(self.content)


def concerned(event: Event) -> tuple[str, ...]:
    """Return the agencies whose feed `event` belongs in: the lead first, none twice.

    All hear of an issue; what follows is between the lead agency and the people. Who led
    hears that it does so no more, and who contributes of what concerns its part.
    """
    match event:
        case AssignmentIssued():
            return tuple(dict.fromkeys((event.agency, *event.cooperating_agencies)))
        case LeadTransferred():
            return (event.agency, event.agency_before)
        case CoordinationRequested() | ContributionSubmitted() | ContributionMissed():
            return (event.agency, event.cooperating_agency)
        case AssignmentDimensions():
            return (event.agency,)
        case _:
            return ()


def append(connection: sa.Connection, recorded: Sequence[Recorded]) -> None:
    """Give each of `recorded`, of one log, its place in the feeds that it belongs in."""
    places = [(agency, each) for each in recorded for agency in concerned(each.event)]
    if not places:
        return
    province = recorded[0].province
    heads = _heads(connection, province, sorted({agency for agency, _each in places}))
    after = dict(heads)
    rows = []
    for agency, each in places:
        seq = after.get(agency, FIRST_SEQ)
        after[agency] = seq + 1
        rows.append(
            {
                "province": province,
                "agency": agency,
                "feed_seq": seq,
                "position": each.position,
                "event_id": each.event_id,
                "type": type(each.event).__name__,
            }
        )
    connection.execute(feed_entry.insert(), rows)
    _move(connection, province, heads, after)


def _heads(connection: sa.Connection, province: str, agencies: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        sa.select(feed.c.agency, feed.c.next_seq).where(
            feed.c.province == province, feed.c.agency.in_(agencies)
        )
    )
    return {agency: next_seq for agency, next_seq in rows}  # noqa: C416 - rows are no pairs to mypy


def _move(
    connection: sa.Connection, province: str, before: Mapping[str, int], after: Mapping[str, int]
) -> None:
    fresh = [
        {"province": province, "agency": agency, "next_seq": seq}
        for agency, seq in after.items()
        if agency not in before
    ]
    if fresh:
        connection.execute(feed.insert(), fresh)
    moved = [{"of": agency, "seq": after[agency]} for agency in before]
    if moved:
        connection.execute(
            feed.update()
            .where(feed.c.province == province, feed.c.agency == sa.bindparam("of"))
            .values(next_seq=sa.bindparam("seq")),
            moved,
        )


def last_seq(connection: sa.Connection, province: str, agency: str) -> int:
    """Return the number of the feed's last entry, 0 when it has none."""
    heads = _heads(connection, province, [agency])
    return heads.get(agency, FIRST_SEQ) - 1


def read(
    connection: sa.Connection,
    log: EventLog,
    agency: str,
    *,
    after: int,
    limit: int = PAGE_MAX_ENTRIES,
    limit_bytes: int = PAGE_MAX_BYTES,
) -> list[FeedEntry]:
    """Return entries of the agency's feed in order, those after number `after`.

    At most `limit` of them, cut once they exceed `limit_bytes`; at least one, if any.
    """
    entry = LOG.entry.c
    here = (entry.log_no == log.log_no) & (entry.position == feed_entry.c.position)
    rows = connection.execute(
        sa.select(
            feed_entry.c.feed_seq,
            feed_entry.c.position,
            feed_entry.c.type,
            feed_entry.c.event_id,
            entry.entry,
        )
        .join_from(feed_entry, LOG.entry, here)
        .where(
            feed_entry.c.province == log.province,
            feed_entry.c.agency == agency,
            feed_entry.c.feed_seq > after,
        )
        .order_by(feed_entry.c.feed_seq)
        .limit(min(limit, PAGE_MAX_ENTRIES))
    )
    page: list[FeedEntry] = []
    size_bytes = 0
    for row in rows:
        size_bytes += len(row.entry)
        if page and size_bytes > limit_bytes:
            break
        page.append(
            FeedEntry(
                feed_seq=row.feed_seq,
                origin=log.origin,
                position=row.position,
                type=row.type,
                event_id=row.event_id,
                content=bytes(row.entry),
            )
        )
    return page
