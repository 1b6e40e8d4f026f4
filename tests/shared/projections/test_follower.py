from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from shared.eventlog import Entry, Recorded
from shared.kernel.errors import Refused
from shared.projections import (
    AsStored,
    Follower,
    OwnerAway,
    entries_behind,
    follow_status,
    retry,
)
from shared.projections.halts import DELAYS_S
from shared.store import Transaction
from tests.faults.chain.record import ChainRuntime, ask, effects, on_questions, opinion_of
from tests.shared.projections.conftest import Port

HA_NAM = "doithoai.test/ha-nam/questions"
HA_NOI = "doithoai.test/ha-noi/questions"
CONSUMER = "replies.from-questions"

Handler = Callable[[Transaction, Sequence[Recorded]], None]


def ids(count: int, prefix: str = "q") -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def entries(runtime: ChainRuntime, province: str = "ha-nam") -> list[Entry]:
    return runtime.ledger.log(province).read(-1)


def follower_of(replies: ChainRuntime, port: Port, handler: Handler | None = None) -> Follower:
    follow = replies.definition.follow
    react = handler or partial(on_questions, replies)
    return Follower(CONSUMER, replies.store, follow, port, react)


def settle(follower: Follower) -> None:
    while follower.has_aims:
        follower.step()


def applied(runtime: ChainRuntime, origin: str = HA_NAM) -> list[int]:
    return [position for place, position, _ in effects(runtime) if place == origin]


def poisoned(replies: ChainRuntime, opinion_id: str, error: Exception) -> Handler:
    def handle(tx: Transaction, recorded: Sequence[Recorded]) -> None:
        on_questions(replies, tx, recorded)
        if opinion_id in map(opinion_of, recorded):
            raise error

    return handle


def pass_all_delays(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time of every retry come, without waiting for it."""
    clock = {"now": 2_000_000_000.0}
    monkeypatch.setattr("shared.projections.halts.moment", lambda: clock["now"])
    monkeypatch.setattr("shared.projections.follower.moment", lambda: clock["now"])
    for _ in DELAYS_S:
        clock["now"] += 100
        follower.retry_due()


def test_what_comes_in_order_is_applied_once_and_answered_once(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(5))
    follower = follower_of(replies, port)
    follower.receive(entries(questions))
    assert applied(replies) == [0, 1, 2, 3, 4]
    assert replies.ledger.log("ha-nam").size() == 5
    assert follower.tally.transactions == 1
    assert port.asked == []


def test_duplicates_change_nothing(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(5))
    follower = follower_of(replies, port)
    all_of_it = entries(questions)
    follower.receive([*all_of_it, *all_of_it])
    follower.receive(all_of_it[2:4])
    assert applied(replies) == [0, 1, 2, 3, 4]
    assert follower.tally.duplicates == 7
    assert replies.ledger.log("ha-nam").size() == 5


def test_wrong_order_within_a_batch_is_put_right(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(5))
    follower = follower_of(replies, port)
    follower.receive(reversed(entries(questions)))
    assert applied(replies) == [0, 1, 2, 3, 4]
    assert port.asked == []


def test_a_hole_is_filled_from_the_owner_up_to_what_has_arrived(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(8))
    follower = follower_of(replies, port)
    first, _, _, _, fifth, *_ = entries(questions)
    follower.receive([fifth, first])
    assert applied(replies) == [0]
    settle(follower)
    assert applied(replies) == [0, 1, 2, 3, 4]
    assert port.asked == [(HA_NAM, 0, 4)]
    assert follower.tally.holes == 1


def test_a_last_message_that_was_lost_is_found_at_the_second_look(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(3))
    follower = follower_of(replies, port)
    follower.receive(entries(questions)[:2])
    follower.look_after()
    assert not follower.has_aims  # it may still be on its way
    follower.look_after()
    settle(follower)
    assert applied(replies) == [0, 1, 2]
    follower.look_after()
    assert follower.behind == {HA_NAM: 0, HA_NOI: 0}


def test_what_moves_between_two_looks_is_not_fetched(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(6))
    follower = follower_of(replies, port)
    follower.receive(entries(questions)[:2])
    follower.look_after()
    follower.receive(entries(questions)[2:4])
    follower.look_after()
    assert not follower.has_aims


def test_without_any_broker_all_is_fetched_page_by_page(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(300))
    ask(questions, "ha-noi", ids(10, "n"))
    follower = follower_of(replies, port)
    follower.catch_up()
    assert applied(replies) == list(range(300))
    assert applied(replies, HA_NOI) == list(range(10))
    behind = entries_behind(
        replies.store, replies.definition.follow, CONSUMER, questions.ledger.heads()
    )
    assert behind == {HA_NAM: 0, HA_NOI: 0}


def test_two_provinces_with_equal_positions_never_mix(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(4, "nam"))
    ask(questions, "ha-noi", ids(4, "noi"))
    follower = follower_of(replies, port)
    nam, noi = entries(questions), entries(questions, "ha-noi")
    follower.receive([noi[0], nam[0], nam[1], noi[1], noi[2], nam[2], nam[3], noi[3]])
    assert effects(replies) == [
        *((HA_NAM, number, f"nam{number}") for number in range(4)),
        *((HA_NOI, number, f"noi{number}") for number in range(4)),
    ]
    assert follower.tally.transactions == 1
    for province, prefix in (("ha-nam", "nam"), ("ha-noi", "noi")):
        own = replies.ledger.log(province).read(-1)
        assert [opinion_of(entry.recorded()) for entry in own] == ids(4, prefix)


def test_a_dead_owner_does_not_stop_what_the_broker_brings(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(4))
    ask(questions, "ha-noi", ids(4, "n"))
    follower = follower_of(replies, port)
    port.is_away = True
    follower.receive([*entries(questions)[2:], *entries(questions, "ha-noi")])
    with pytest.raises(OwnerAway):
        follower.step()
    assert not follower.has_aims  # it is left alone for a while
    follower.receive(entries(questions)[:2])
    assert applied(replies) == [0, 1]
    assert applied(replies, HA_NOI) == [0, 1, 2, 3]


def test_a_log_whose_pages_fail_holds_no_other_log_up_without_a_broker(
    questions: ChainRuntime, replies: ChainRuntime, port: Port, caplog: pytest.LogCaptureFixture
) -> None:
    ask(questions, "ha-nam", ids(4))
    ask(questions, "ha-noi", ids(600, "n"))
    follower = follower_of(replies, port)
    port.failing = {HA_NAM}
    with pytest.raises(OwnerAway):
        follower.catch_up()
    assert applied(replies, HA_NOI) == list(range(600))
    assert applied(replies) == []
    assert not follower.owner_is_away
    assert caplog.text.count(f"can't read {HA_NAM} for now: follower.owner_away") == 1


def test_a_log_whose_pages_fail_holds_no_other_log_up_with_a_broker(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(4))
    ask(questions, "ha-noi", ids(4, "n"))
    follower = follower_of(replies, port)
    port.failing = {HA_NAM}
    follower.receive([*entries(questions)[2:], *entries(questions, "ha-noi")[2:]])
    settle(follower)
    assert applied(replies, HA_NOI) == [0, 1, 2, 3]
    follower.receive(entries(questions))  # what comes is applied all the same
    assert applied(replies) == [0, 1, 2, 3]


def test_a_log_whose_pages_fail_is_asked_for_more_and_more_rarely_until_one_comes(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(questions, "ha-nam", ids(4))
    clock = {"now": 0.0}
    monkeypatch.setattr("shared.projections.holds.time.monotonic", lambda: clock["now"])
    follower = follower_of(replies, port)
    port.failing = {HA_NAM}
    asked_at: list[int] = []
    for second in range(200):
        clock["now"] = float(second)
        follower.look_after()
        settle(follower)
        if len(port.asked) > len(asked_at):
            asked_at.append(second)
    assert asked_at == [1, 3, 7, 15, 31, 63, 123, 183]
    port.failing = set()
    clock["now"] = 243.0
    follower.catch_up()
    assert applied(replies) == [0, 1, 2, 3]
    assert caplog.text.count("can't read") == 1
    assert caplog.text.count(f"reads {HA_NAM} again") == 1


def test_a_retry_that_is_due_does_not_wait_for_a_log_whose_pages_fail(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(1))
    ask(questions, "ha-noi", ids(1, "n"))
    handler = poisoned(replies, "q0", ValueError())
    follower = follower_of(replies, port, handler)
    follower.receive(entries(questions))
    follower.handler = poisoned(replies, "n0", ValueError())
    follower.receive(entries(questions, "ha-noi"))
    follower.handler = partial(on_questions, replies)
    port.failing = {HA_NAM}
    pass_all_delays(follower, monkeypatch)
    assert applied(replies, HA_NOI) == [0]
    assert not follower.has_due  # not that of the log that is left alone


def test_a_log_that_the_owner_does_not_have_holds_no_other_log_up(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower = follower_of(replies, port)
    first, second = entries(questions)
    follower.receive([Entry("doithoai.test/ha-giang/questions", 3, first.content), second])
    settle(follower)
    assert applied(replies) == [0, 1]


def test_a_log_that_meets_an_outage_comes_after_the_others(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(2))
    ask(questions, "ha-noi", ids(2, "n"))
    follower = follower_of(replies, port, poisoned(replies, "q0", sa.exc.TimeoutError()))
    follower.aim_at_heads()
    with pytest.raises(sa.exc.TimeoutError):
        follower.step()
    follower.step()
    assert applied(replies, HA_NOI) == [0, 1]


def test_a_poison_entry_halts_its_own_log_only_and_good_ones_are_applied_once(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(6))
    ask(questions, "ha-noi", ids(6, "n"))
    handler = poisoned(replies, "q3", Refused("session.not_open"))
    follower = follower_of(replies, port, handler)
    follower.receive([*entries(questions), *entries(questions, "ha-noi")])
    assert applied(replies) == [0, 1, 2]
    assert applied(replies, HA_NOI) == list(range(6))
    assert follow_status(replies.store, replies.definition.follow)[0].halted is False

    pass_all_delays(follower, monkeypatch)

    halted, other = follow_status(replies.store, replies.definition.follow)
    assert (halted.origin, halted.position, halted.halted) == (HA_NAM, 2, True)
    assert (halted.code, halted.attempts, halted.retry_at) == ("session.not_open", 4, None)
    assert (other.origin, other.position, other.halted, other.code) == (HA_NOI, 5, False, None)
    assert replies.ledger.log("ha-nam").size() == 3
    follower.receive(entries(questions))
    follower.look_after()
    follower.look_after()
    assert not follower.has_aims
    assert applied(replies) == [0, 1, 2]


def test_an_entry_that_fails_for_a_moment_is_applied_at_its_retry(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(4))
    follower = follower_of(replies, port, poisoned(replies, "q1", KeyError("Nguyễn Văn A")))
    follower.receive(entries(questions))
    assert applied(replies) == [0]
    assert follow_status(replies.store, replies.definition.follow)[0].code == "KeyError"
    follower.handler = partial(on_questions, replies)
    pass_all_delays(follower, monkeypatch)
    settle(follower)
    assert applied(replies) == [0, 1, 2, 3]
    assert follow_status(replies.store, replies.definition.follow)[0].code is None


def test_an_entry_that_breaks_its_contract_halts_and_its_words_are_kept_nowhere(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(questions, "ha-nam", ids(3))
    good = entries(questions)
    broken = good[1].content.replace(b'"voices":1', b'"voices":"Nguyen Van A"')
    assert broken != good[1].content
    monkeypatch.setattr(
        port,
        "entries",
        lambda origin, after, limit: [Entry(origin, 1, broken)] if after == 0 else good[:1],
    )
    follower = follower_of(replies, port)
    follower.receive([good[0], Entry(HA_NAM, 1, broken), good[2]])
    pass_all_delays(follower, monkeypatch)
    assert applied(replies) == [0]
    (status,) = follow_status(replies.store, replies.definition.follow)
    assert (status.halted, status.code) == (True, "contract.invalid_body")
    assert "Nguyen" not in caplog.text
    assert "position 1 of doithoai.test/ha-nam/questions" in caplog.text


def test_the_first_entry_of_a_log_can_be_the_poison(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower = follower_of(replies, port, poisoned(replies, "q0", ValueError()))
    follower.receive(entries(questions))
    pass_all_delays(follower, monkeypatch)
    (status,) = follow_status(replies.store, replies.definition.follow)
    assert (status.position, status.halted) == (-1, True)


def test_after_a_retry_by_an_operator_the_log_goes_on_to_its_head(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(5))
    follower = follower_of(replies, port, poisoned(replies, "q2", ValueError()))
    follower.receive(entries(questions))
    pass_all_delays(follower, monkeypatch)
    follower.handler = partial(on_questions, replies)
    follower.look_after()
    assert applied(replies) == [0, 1]

    position = retry(replies.store, replies.definition.follow, consumer=CONSUMER, origin=HA_NAM)

    assert position == 2
    follower.look_after()
    settle(follower)
    assert applied(replies) == [0, 1, 2, 3, 4]


def test_a_second_process_that_takes_over_applies_nothing_twice(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(6))
    ask(questions, "ha-noi", ids(2, "n"))
    first, second = follower_of(replies, port), follower_of(replies, port)
    first.receive(entries(questions)[:4])
    second.receive([*entries(questions), *entries(questions, "ha-noi")])  # knows of no cursor yet
    assert applied(replies) == list(range(6))
    first.receive(entries(questions)[4:])
    first.catch_up()
    assert applied(replies) == list(range(6))
    assert applied(replies, HA_NOI) == [0, 1]
    assert replies.ledger.log("ha-nam").size() == 6


@pytest.mark.parametrize(
    "outage",
    [
        sa.exc.OperationalError("SELECT 1", {}, type("OperationalError", (Exception,), {})()),
        sa.exc.TimeoutError("the pool is empty"),
        ConnectionResetError(),
    ],
)
def test_an_outage_makes_the_batch_wait_and_halts_nothing(
    questions: ChainRuntime, replies: ChainRuntime, port: Port, outage: Exception
) -> None:
    ask(questions, "ha-nam", ids(3))
    follower = follower_of(replies, port, poisoned(replies, "q1", outage))
    with pytest.raises(type(outage)):
        follower.receive(entries(questions))
    assert applied(replies) == []
    assert follow_status(replies.store, replies.definition.follow) == []
    follower.handler = partial(on_questions, replies)
    follower.receive(entries(questions))
    assert applied(replies) == [0, 1, 2]


def test_a_mirror_gets_the_very_bytes(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(3))
    kept: list[Entry] = []

    def keep(_tx: Transaction, page: Sequence[Entry]) -> None:
        kept.extend(page)

    follow: Any = replies.definition.follow
    Follower("mirror", replies.store, follow, port, AsStored(keep)).catch_up()
    assert [(entry.position, entry.content) for entry in kept] == [
        (entry.position, entry.content) for entry in entries(questions)
    ]


def test_an_owner_that_answers_with_a_gap_is_not_believed(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(4))
    follower = follower_of(replies, port)
    monkeypatch.setattr(port, "entries", lambda *_: entries(questions)[1:])
    with pytest.raises(OwnerAway) as caught:
        follower.catch_up()
    assert caught.value.code == "follower.owner_answers_wrongly"
    assert applied(replies) == []


def test_a_position_beyond_the_log_is_forgotten(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower = follower_of(replies, port)
    follower.receive([Entry(HA_NAM, 10**15, entries(questions)[0].content)])
    settle(follower)
    assert applied(replies) == [0, 1]
    assert not follower.has_aims


def test_an_owner_that_lost_entries_is_cried_out_once(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(questions, "ha-nam", ids(4))
    follower = follower_of(replies, port)
    follower.catch_up()
    monkeypatch.setattr(port, "heads", lambda: {HA_NAM: 1})
    follower.look_after()
    follower.look_after()
    assert caplog.text.count("has applied more of doithoai.test/ha-nam/questions") == 1
    assert follower.behind == {HA_NAM: -2}
