from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from services.assignment import feed
from services.assignment.commands import AcceptAssignment, Command, IssueAssignment
from services.assignment.decider import DECIDER
from services.assignment.feed import FeedEntry
from services.assignment.reactions import stream_of
from shared.contracts.assignment import AssignmentIssued
from shared.eventlog import Ledger, Task, execute
from shared.kernel.clock import system_clock
from shared.kernel.ids import derived_id
from tests.services.assignment.matters import ISSUED, MONDAY, accepted

AGENCIES = ("ubnd-ba-dinh", "tnmt-ba-dinh", "ubnd-ha-noi")
WRITERS, EACH = 6, 12


class ChangeOfMindError(RuntimeError):
    """A transaction that is rolled back."""


def terms(name: str, lead: str, *cooperating: str) -> AssignmentIssued:
    return replace(
        ISSUED,
        assignment_id=name,
        agency=lead,
        cooperating_agencies=cooperating,
        opinion_ids=(f"opinion-of-{name}",),
    )


def do(ledger: Ledger, name: str, command: Command, *, province: str = "ha-noi") -> None:
    with ledger.store.write() as tx:
        task = Task(
            stream=stream_of(name),
            command=command,
            command_id=derived_id("test", name, type(command).__name__),
            actor="test",
            at=system_clock(),
        )
        execute(ledger.log(province), tx, DECIDER, [task])
        if name.endswith("-undone"):
            raise ChangeOfMindError


def whole(ledger: Ledger, agency: str, province: str = "ha-noi") -> list[FeedEntry]:
    with ledger.store.read() as connection:
        return feed.read(connection, ledger.log(province), agency, after=0)


def test_all_agencies_of_an_assignment_hear_of_its_issue_and_only_the_lead_of_the_rest() -> None:
    assert feed.concerned(ISSUED) == ("ubnd-ba-dinh", "tnmt-ba-dinh")
    assert feed.concerned(accepted()) == ("ubnd-ba-dinh",)


def test_a_feed_is_numbered_from_one_and_holds_the_stored_bytes(ledger: Ledger) -> None:
    do(ledger, "a", IssueAssignment(terms=terms("a", "ubnd-ba-dinh", "tnmt-ba-dinh")))
    do(ledger, "a", AcceptAssignment(agency="ubnd-ba-dinh", on=MONDAY))
    lead = whole(ledger, "ubnd-ba-dinh")
    assert [(each.feed_seq, each.type) for each in lead] == [
        (1, "AssignmentIssued"),
        (2, "AssignmentAccepted"),
    ]
    stored = ledger.log("ha-noi").read(-1)
    assert [each.content for each in lead] == [entry.content for entry in stored]
    assert [each.leaf for each in lead] == [entry.leaf for entry in stored]
    assert [each.feed_seq for each in whole(ledger, "tnmt-ba-dinh")] == [1]


def test_feeds_stay_gapless_and_in_the_log_s_order_under_concurrent_appends(
    ledger: Ledger,
) -> None:
    def write(writer: int) -> None:
        for number in range(EACH):
            name = f"{writer}-{number}" + ("-undone" if number % 4 == 3 else "")
            lead = AGENCIES[(writer + number) % 3]
            other = AGENCIES[(writer + number + 1) % 3]
            with suppress(ChangeOfMindError):
                do(ledger, name, IssueAssignment(terms=terms(name, lead, other)))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    feeds = {agency: whole(ledger, agency) for agency in AGENCIES}
    for entries in feeds.values():
        assert [each.feed_seq for each in entries] == list(range(1, len(entries) + 1))
        positions = [each.position for each in entries]
        assert positions == sorted(set(positions))
    kept = WRITERS * EACH * 3 // 4
    assert ledger.log("ha-noi").size() == kept
    assert sum(len(entries) for entries in feeds.values()) == 2 * kept


def test_provinces_number_their_feeds_apart(ledger: Ledger) -> None:
    do(ledger, "a", IssueAssignment(terms=terms("a", "ubnd-ba-dinh")))
    do(ledger, "b", IssueAssignment(terms=terms("b", "ubnd-ba-dinh")), province="ha-nam")
    for province in ("ha-noi", "ha-nam"):
        assert [each.feed_seq for each in whole(ledger, "ubnd-ba-dinh", province)] == [1]


def test_a_page_ends_at_its_limit_of_entries_or_of_bytes(ledger: Ledger) -> None:
    for name in "abcd":
        do(ledger, name, IssueAssignment(terms=terms(name, "ubnd-ba-dinh")))
    log = ledger.log("ha-noi")
    with ledger.store.read() as connection:
        by_count = feed.read(connection, log, "ubnd-ba-dinh", after=1, limit=2)
        by_bytes = feed.read(connection, log, "ubnd-ba-dinh", after=1, limit_bytes=10)
        at_the_end = feed.read(connection, log, "ubnd-ba-dinh", after=4)
    assert [each.feed_seq for each in by_count] == [2, 3]
    assert [each.feed_seq for each in by_bytes] == [2]
    assert at_the_end == []


def test_a_feed_s_end_is_known_even_where_nothing_was_written(ledger: Ledger) -> None:
    do(ledger, "a", IssueAssignment(terms=terms("a", "ubnd-ba-dinh")))
    with ledger.store.read() as connection:
        assert feed.last_seq(connection, "ha-noi", "ubnd-ba-dinh") == 1
        assert feed.last_seq(connection, "ha-noi", "nobody") == 0


@pytest.mark.parametrize("missing", ["ubnd-ha-noi", "nobody"])
def test_an_agency_that_nothing_concerns_has_an_empty_feed(ledger: Ledger, missing: str) -> None:
    do(ledger, "a", IssueAssignment(terms=terms("a", "ubnd-ba-dinh")))
    assert whole(ledger, missing) == []
