"""A log is frozen for good once nothing is left to react to, and its successor names it."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from shared.contracts.operations import PredecessorNamed
from shared.eventlog.checkpointer import Checkpointer
from shared.eventlog.log import LogFrozen
from shared.eventlog.standing import LogState
from shared.kernel.errors import AppError, Conflict, NotFound, Refused, Unavailable
from shared.projections import Follower, skip
from shared.projections.cursors import consumer_name
from shared.projections.freezing import (
    PREDECESSOR,
    NamePredecessor,
    close,
    freeze,
    name_predecessor,
)
from tests.faults.chain.record import PEERS, ChainRuntime, ask, note
from tests.shared.projections.conftest import Port
from tests.shared.projections.test_follower import (
    CONSUMER,
    HA_NAM,
    applied,
    follower_of,
    ids,
    pass_all_delays,
    poisoned,
)
from tests.specs import Spec

COMMAND = NamePredecessor(origin=HA_NAM, size=3, root="ab", note_sha256="cd")
NAMED = PredecessorNamed(origin=HA_NAM, size=3, root="ab", note_sha256="cd")


def sizes_of(*runtimes: ChainRuntime) -> dict[str, int]:
    return {
        each.origin: each.size
        for runtime in runtimes
        for each in runtime.ledger.standings()
        if "/ha-nam/" in each.origin
    }


def frozen(runtime: ChainRuntime, *all_of_them: ChainRuntime, **more: int) -> int:
    owner = PEERS[runtime.name]
    return freeze(
        runtime.ledger,
        runtime.definition.follow,
        province="ha-nam",
        sizes=sizes_of(*all_of_them) | more,
        consumers={owner: consumer_name(runtime.name, owner)},
    )


def state(runtime: ChainRuntime, province: str = "ha-nam") -> LogState:
    (found,) = (each.state for each in runtime.ledger.standings() if f"/{province}/" in each.origin)
    return found


def closed(runtime: ChainRuntime) -> int:
    return close(runtime.ledger, province="ha-nam", successor="ha-noi")


def code(call: Callable[[], object]) -> str:
    with pytest.raises(AppError) as caught:
        call()
    return caught.value.code


def test_a_predecessor_is_named_once() -> None:
    assert Spec(PREDECESSOR).given().when(COMMAND) == [NAMED]
    again = NamePredecessor(origin=HA_NAM, size=3, root="ab", note_sha256="of a later note")
    assert Spec(PREDECESSOR).given(NAMED).when(again) == []


def test_a_closed_log_takes_no_command_but_what_follows_from_what_is_recorded(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(3))
    assert (closed(questions), closed(replies)) == (3, 0)
    assert (state(questions), state(questions, "ha-noi")) == (LogState.CLOSED, LogState.OPEN)
    with pytest.raises(LogFrozen, match="eventlog.frozen"):
        ask(questions, "ha-nam", ["late"])
    ask(questions, "ha-noi", ["elsewhere"])
    follower_of(replies, port).catch_up()
    assert applied(replies) == [0, 1, 2]
    assert sizes_of(replies) == {"doithoai.test/ha-nam/replies": 3}


def test_a_closed_log_takes_what_an_operator_passes_over(
    questions: ChainRuntime, replies: ChainRuntime, port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(questions, "ha-nam", ids(2))
    follower = follower_of(replies, port, poisoned(replies, "q1", ValueError()))
    follower.catch_up()
    pass_all_delays(follower, monkeypatch)
    closed(replies)
    skip(
        replies.ledger,
        replies.definition.follow,
        replies.vault,
        consumer=CONSUMER,
        origin=HA_NAM,
        reason="hỏng",
        actor="a",
    )
    assert sizes_of(replies) == {"doithoai.test/ha-nam/replies": 2}


def test_a_log_is_not_frozen_while_something_is_left_to_react_to(
    questions: ChainRuntime, replies: ChainRuntime, port: Port
) -> None:
    ask(questions, "ha-nam", ids(3))
    both = (questions, replies)
    assert code(lambda: frozen(replies, *both)) == "eventlog.not_closed"
    closed(questions)
    closed(replies)
    assert code(lambda: frozen(replies, *both)) == "eventlog.not_settled"  # not applied yet
    before = sizes_of(*both)
    follower_of(replies, port).catch_up()
    replied = "doithoai.test/ha-nam/replies"
    assert code(lambda: frozen(replies, *both, **{replied: before[replied]})) == (
        "eventlog.not_settled"  # it has grown since
    )
    assert code(lambda: frozen(replies, replies)) == "eventlog.not_settled"  # of whom it reads
    assert code(lambda: frozen(questions, *both)) == "eventlog.not_settled"  # replies not read
    assert frozen(replies, *both) == 3
    assert state(replies) is LogState.FROZEN
    assert frozen(replies) == 3  # again: it is done


def test_a_frozen_log_takes_nothing_at_all(questions: ChainRuntime, replies: ChainRuntime) -> None:
    closed(questions)
    closed(replies)
    frozen(questions, questions, replies)
    log = questions.ledger.log("ha-nam")
    for finishes in (False, True):
        with pytest.raises(LogFrozen), questions.store.write(finishes=finishes) as tx:
            log.lock(tx)
        with pytest.raises(LogFrozen), questions.store.write(finishes=finishes) as tx:
            log.open(tx, ["any"])
    assert closed(questions) == 0  # again: it is done
    assert state(questions) is LogState.FROZEN


def test_a_log_goes_to_one_open_successor(questions: ChainRuntime) -> None:
    ledger = questions.ledger
    with pytest.raises(Refused, match="eventlog.own_successor"):
        close(ledger, province="ha-nam", successor="ha-nam")
    for pair in (("ha-nam", "nowhere"), ("nowhere", "ha-nam")):
        with pytest.raises(NotFound, match="province.unknown"):
            close(ledger, province=pair[0], successor=pair[1])
    close(ledger, province="ha-nam", successor="ha-noi")
    with pytest.raises(Refused, match="eventlog.successor_not_open"):
        close(ledger, province="ha-noi", successor="ha-nam")
    with questions.store.write() as tx:
        table = ledger.tables.log
        mine = table.c.origin == HA_NAM
        tx.connection.execute(table.update().where(mine).values(successor="ninh-binh"))
    with pytest.raises(Conflict, match="eventlog.another_successor"):
        close(ledger, province="ha-nam", successor="ha-noi")


def test_the_successor_names_what_was_signed_last_once(
    questions: ChainRuntime, replies: ChainRuntime, port: Port, tmp_path: Path
) -> None:
    ask(questions, "ha-nam", ids(3))
    ask(questions, "ha-noi", ids(2, "n"))
    follower_of(replies, port).catch_up()
    Follower(
        consumer_name("questions", "replies"),
        questions.store,
        questions.definition.follow,
        Port(replies),
        partial(note, questions),
    ).catch_up()

    def name() -> tuple[int, bool]:
        outcome = name_predecessor(questions.ledger, province="ha-nam", actor="quan-tri/1")
        return outcome.appended[0].position, outcome.repeated

    closed(questions)
    closed(replies)
    with pytest.raises(Conflict, match="eventlog.not_frozen"):
        name()
    frozen(questions, questions, replies)
    with pytest.raises(Unavailable, match="eventlog.not_signed_yet"):
        name()
    checkpointer = Checkpointer(questions.ledger, tmp_path / "keys")
    checkpointer.turn(at_once=True)
    last = questions.ledger.checkpoints(questions.ledger.log("ha-nam")).newest()
    assert last is not None
    assert name() == (2, False)
    assert name() == (2, True)
    entry = questions.ledger.log("ha-noi").read(1)[0].checked()
    assert entry.event == PredecessorNamed(
        origin=HA_NAM,
        size=3,
        root=last.root.hex(),
        note_sha256=sha256(last.note).hexdigest(),
    )
    assert (entry.actor, entry.stream) == ("quan-tri/1", f"predecessor:{HA_NAM}")
    checkpointer.turn(at_once=True)


def test_a_log_is_not_frozen_before_it_has_named_what_it_succeeds(
    questions: ChainRuntime, replies: ChainRuntime
) -> None:
    closed(questions)
    with questions.store.write() as tx:
        table = questions.ledger.tables.log
        mine = table.c.origin == "doithoai.test/ha-noi/questions"
        tx.connection.execute(table.update().where(mine).values(successor="ninh-binh"))
    consumer = consumer_name("questions", "replies")
    with pytest.raises(Conflict, match="eventlog.predecessor_unnamed"):
        freeze(
            questions.ledger,
            questions.definition.follow,
            province="ha-noi",
            sizes={"doithoai.test/ha-noi/questions": 0, "doithoai.test/ha-noi/replies": 0},
            consumers={"replies": consumer},
        )
