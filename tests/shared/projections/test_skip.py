from functools import partial

import pytest

from shared.contracts.operations import EntrySkipped
from shared.kernel.errors import BadInput, NotFound
from shared.projections import follow_status, retry, skip
from shared.vault import Purpose
from tests.faults.chain.record import ChainRuntime, ask, on_questions
from tests.shared.projections.conftest import Port
from tests.shared.projections.test_follower import (
    CONSUMER,
    HA_NAM,
    applied,
    entries,
    follower_of,
    ids,
    pass_all_delays,
    poisoned,
    settle,
)

REASON = "Bà Trần Thị B đã rút ý kiến này"


def skip_it(replies: ChainRuntime, reason: str = REASON) -> int:
    return skip(
        replies.ledger,
        replies.definition.follow,
        replies.vault,
        consumer=CONSUMER,
        origin=HA_NAM,
        reason=reason,
        actor="mttq-ha-nam/quan-tri",
    )


def test_a_skip_is_on_the_record_and_its_reason_is_in_the_vault(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(4))
    follower = follower_of(replies, port, poisoned(replies, "q1", ValueError()))
    follower.receive(entries(questions))
    pass_all_delays(follower, monkeypatch)

    assert skip_it(replies) == 1

    last = replies.ledger.log("ha-nam").read(-1)[-1]
    event = last.checked().event
    assert isinstance(event, EntrySkipped)
    assert (event.consumer, event.origin, event.position) == (CONSUMER, HA_NAM, 1)
    assert last.checked().actor == "mttq-ha-nam/quan-tri"
    assert "Trần".encode() not in last.content
    with replies.store.write() as tx:
        text = replies.vault.read(
            tx.connection,
            text_id=event.reason.text_id,
            reader="mttq-ha-nam/giam-sat",
            purpose=Purpose.SUPERVISION,
        )
    assert text == REASON

    follower.handler = partial(on_questions, replies)
    follower.look_after()  # sees that somebody has acted, and goes on at once
    settle(follower)
    assert applied(replies) == [0, 2, 3]
    (status,) = follow_status(replies.store, replies.definition.follow)
    assert (status.position, status.halted) == (3, False)


def test_a_skip_without_a_reason_changes_nothing(
    questions: ChainRuntime,
    replies: ChainRuntime,
    port: Port,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower = follower_of(replies, port, poisoned(replies, "q0", ValueError()))
    follower.receive(entries(questions))
    pass_all_delays(follower, monkeypatch)
    with pytest.raises(BadInput):
        skip_it(replies, " ")
    (status,) = follow_status(replies.store, replies.definition.follow)
    assert (status.position, status.halted) == (-1, True)
    assert replies.ledger.log("ha-nam").size() == 0


def test_what_is_not_halted_can_be_neither_skipped_nor_retried(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower_of(replies, port).catch_up()
    with pytest.raises(NotFound) as caught:
        skip_it(replies)
    assert caught.value.code == "follower.not_halted"
    with pytest.raises(NotFound):
        retry(replies.store, replies.definition.follow, consumer=CONSUMER, origin=HA_NAM)
