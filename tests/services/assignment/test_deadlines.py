from datetime import UTC, datetime

import pytest

from services.assignment import deadlines, read_model
from services.assignment.deadlines import notice_missed
from shared.contracts.assignment import DeadlineMissed
from shared.eventlog.log import LogFrozen
from shared.kernel.errors import NotFound
from shared.projections.freezing import close
from tests.services.assignment.matters import DUE, hear, referral
from tests.services.opened import Opened

LAST_MINUTE = datetime(2019, 6, 10, 16, 59, tzinfo=UTC)
"""10/06/2019, 23:59 in Viet Nam."""
FIRST_MINUTE = datetime(2019, 6, 10, 17, 0, tzinfo=UTC)
"""11/06/2019, 00:00 in Viet Nam."""


def misses(service: Opened) -> list[DeadlineMissed]:
    found = [entry.recorded().event for entry in service.runtime.ledger.log("ha-noi").read(-1)]
    return [event for event in found if isinstance(event, DeadlineMissed)]


def test_a_deadline_is_missed_at_midnight_in_viet_nam_after_the_due_date(service: Opened) -> None:
    hear(service.runtime, [referral()])
    service.set_clock(LAST_MINUTE)
    assert notice_missed(service.runtime) == 0
    service.set_clock(FIRST_MINUTE)
    assert notice_missed(service.runtime) == 1
    (event,) = misses(service)
    assert (event.due_on, event.effective_on) == (DUE, FIRST_MINUTE.date().replace(day=11))


def test_looking_again_records_nothing_more(service: Opened) -> None:
    hear(service.runtime, [referral("o-1"), referral("o-2")])
    service.set_clock(FIRST_MINUTE)
    assert notice_missed(service.runtime) == 2
    service.later(days=1)
    assert notice_missed(service.runtime) == 0
    assert len(misses(service)) == 2


def test_a_look_goes_page_by_page_until_all_are_found(
    service: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PAGE_MAX_ASSIGNMENTS", 2)
    hear(service.runtime, [referral(f"o-{number}") for number in range(5)])
    service.set_clock(FIRST_MINUTE)
    assert notice_missed(service.runtime) == 5


def test_a_look_can_be_confined_to_a_province(service: Opened) -> None:
    hear(service.runtime, [referral()])
    service.set_clock(FIRST_MINUTE)
    assert notice_missed(service.runtime, "ha-nam") == 0
    assert notice_missed(service.runtime, "ha-noi") == 1
    with pytest.raises(NotFound, match=r"province\.unknown"):
        notice_missed(service.runtime, "atlantis")


def test_a_closed_province_is_not_looked_at_and_keeps_no_other_back(service: Opened) -> None:
    hear(service.runtime, [referral()])
    close(service.runtime.ledger, province="ha-nam", successor="ha-noi")
    service.set_clock(FIRST_MINUTE)
    assert notice_missed(service.runtime) == 1
    with pytest.raises(LogFrozen, match=r"eventlog\.frozen"):
        notice_missed(service.runtime, "ha-nam")


def test_the_miss_shows_in_the_read_model_at_once(service: Opened) -> None:
    hear(service.runtime, [referral()])
    service.set_clock(FIRST_MINUTE)
    notice_missed(service.runtime)
    with service.runtime.store.read() as connection:
        (row,) = read_model.page(connection, province="ha-noi")
    assert (row["missed"], row["state"], row["version"]) == (True, "issued", 1)
