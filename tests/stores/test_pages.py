import pytest

from shared.eventlog import NOTHING
from shared.eventlog.log import PAGE_MAX_ENTRIES
from tests.stores.logs import Opened, append, draft


@pytest.fixture
def with_five(opened: Opened) -> Opened:
    """Return the service with five entries of equal size in its log."""
    append(opened, *(draft(str(number)) for number in range(5)))
    return opened


def positions(opened: Opened, after: int, **bounds: int) -> list[int]:
    """Return the positions on the page."""
    return [entry.position for entry in opened.log.read(after, **bounds)]


def test_a_page_begins_after_the_position_and_is_in_order(with_five: Opened) -> None:
    assert positions(with_five, NOTHING) == [0, 1, 2, 3, 4]
    assert positions(with_five, 2) == [3, 4]
    assert positions(with_five, 4) == []
    assert positions(with_five, -100) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("limit", "expected"), [(2, [1, 2]), (1, [1]), (0, []), (-1, [])])
def test_a_page_is_bounded_by_count(with_five: Opened, limit: int, expected: list[int]) -> None:
    assert positions(with_five, 0, limit=limit) == expected


def test_a_page_is_bounded_by_bytes_but_never_empty(with_five: Opened) -> None:
    (first, *_) = with_five.log.read(NOTHING)
    one_bytes = len(first.content)
    assert positions(with_five, NOTHING, limit_bytes=1) == [0]
    assert positions(with_five, NOTHING, limit_bytes=2 * one_bytes - 1) == [0]
    assert positions(with_five, NOTHING, limit_bytes=2 * one_bytes) == [0, 1]
    assert positions(with_five, NOTHING, limit=1, limit_bytes=2 * one_bytes) == [0]


def test_a_page_never_exceeds_what_the_log_allows(opened: Opened) -> None:
    append(opened, *(draft(str(number)) for number in range(PAGE_MAX_ENTRIES + 1)))
    assert len(opened.log.read(NOTHING, limit=10**9)) == PAGE_MAX_ENTRIES
    assert positions(opened, PAGE_MAX_ENTRIES - 1) == [PAGE_MAX_ENTRIES]


def test_an_open_transaction_is_invisible_until_its_commit(with_five: Opened) -> None:
    with with_five.store.write() as tx:
        with_five.log.append(tx, [draft("late")])
        assert positions(with_five, 4) == []
        assert with_five.log.size() == 5
        assert with_five.ledger.heads()[with_five.log.origin] == 4
    assert positions(with_five, 4) == [5]
