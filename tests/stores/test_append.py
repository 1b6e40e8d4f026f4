import json
from contextlib import suppress
from dataclasses import replace

import pytest
import sqlalchemy as sa

from shared import wire
from shared.contracts.operations import EntrySkipped
from shared.contracts.texts import TextRef
from shared.contracts.vocabulary import Visibility
from shared.eventlog import NOTHING, Appended, Draft, Entry
from shared.eventlog.entry import ENTRY_MAX_BYTES
from shared.kernel.errors import Conflict, ContractError, LogTampered, TooLarge
from tests.stores.logs import TABLES, Opened, append, draft, seen


def test_positions_begin_at_zero_and_leave_no_gap(opened: Opened) -> None:
    assert append(opened, draft("a"), draft("b")) == [0, 1]
    assert append(opened, draft("c")) == [2]
    assert [entry.position for entry in opened.log.read(NOTHING)] == [0, 1, 2]
    assert opened.log.size() == 3


def test_versions_count_the_events_of_each_stream_by_itself(opened: Opened) -> None:
    drafts = [draft("a", stream="x"), draft("b", stream="y"), draft("c", stream="x")]
    with opened.store.write() as tx:
        places = opened.log.append(tx, drafts)
    assert [place.version for place in places] == [0, 0, 1]
    assert append(opened, draft("d", stream="x", expected_version=1)) == [3]


def test_nothing_to_append_touches_nothing(opened: Opened) -> None:
    assert append(opened) == []
    assert opened.log.size() == 0


def test_what_the_append_returns_is_what_the_bytes_say(opened: Opened) -> None:
    given = replace(draft("a"), causation_id="cause", references="routing@1 calendar@2")
    append(opened, given, replace(draft("b"), causation_id="", correlation_id="whole"))
    entries = opened.log.read(NOTHING)
    assert opened.heard == [entry.recorded() for entry in entries]
    assert opened.heard == [entry.checked() for entry in entries]


def test_an_entry_is_a_canonical_cloudevent(opened: Opened) -> None:
    append(opened, draft("a"))
    (entry,) = opened.log.read(NOTHING)
    document = json.loads(entry.content)
    assert entry.content == wire.canonical(document)
    assert document["specversion"] == "1.0"
    assert document["source"] == "doithoai.test/ha-noi/intake"
    assert document["type"] == "OpinionAccepted"
    assert document["subject"] == "opinion-a"
    assert document["time"] == "2021-03-01T05:00:00.000000Z"
    assert document["streamversion"] == 0
    assert document["correlationid"] == document["id"]


def test_the_stored_bytes_are_the_same_on_every_database(opened: Opened) -> None:
    append(opened, draft("a"))
    (entry,) = opened.log.read(NOTHING)
    assert entry.leaf.hex() == "f6fa2e1afbecbaf7b0882db3e3d7445c1a269e3e17c251bec858f024050d74e5"


def test_the_index_beside_the_bytes_says_the_same_as_they_do(opened: Opened) -> None:
    append(opened, draft("a"), draft("b"))
    with opened.store.read() as connection:
        rows = connection.execute(sa.select(TABLES.entry).order_by(TABLES.entry.c.position)).all()
    for row in rows:
        entry = Entry("doithoai.test/ha-noi/intake", row.position, bytes(row.entry))
        said = entry.document
        assert bytes(row.leaf) == entry.leaf
        assert (row.stream, row.version, row.id, row.type, row.time) == (
            said["subject"],
            said["streamversion"],
            said["id"],
            said["type"],
            said["time"],
        )


def test_the_time_of_recording_never_goes_back(opened: Opened) -> None:
    append(opened, draft("a"))
    opened.dial.turn(hours=-2)
    append(opened, draft("b"))
    opened.dial.turn(hours=3)
    append(opened, draft("c"))
    times = [entry.recorded().time for entry in opened.log.read(NOTHING)]
    assert times == [
        "2021-03-01T05:00:00.000000Z",
        "2021-03-01T05:00:00.000000Z",
        "2021-03-01T06:00:00.000000Z",
    ]


def test_a_stream_that_moved_is_a_conflict_and_records_nothing(opened: Opened) -> None:
    append(opened, draft("a", stream="x"))
    with pytest.raises(Conflict, match="eventlog.stream_moved") as caught:
        append(opened, draft("b"), draft("c", stream="x", expected_version=NOTHING))
    assert caught.value.facts == {"stream": "x", "version": 0}
    assert opened.log.size() == 1
    assert [place[1] for place in seen(opened.store)] == [0]


def test_a_writer_ahead_of_the_stream_leaves_no_hole(opened: Opened) -> None:
    with pytest.raises(Conflict, match="eventlog.stream_moved"):
        append(opened, draft("a", expected_version=4))
    assert opened.log.size() == 0


def test_the_same_event_again_answers_with_its_first_place(opened: Opened) -> None:
    append(opened, draft("a"), draft("b"))
    opened.dial.turn(days=1)
    with opened.store.write() as tx:
        places = opened.log.append(tx, [draft("b"), draft("c"), draft("a")])
    ids = {name: draft(name).id for name in "abc"}
    assert places == [
        Appended(event_id=ids["b"], position=1, version=0, repeated=True),
        Appended(event_id=ids["c"], position=2, version=0),
        Appended(event_id=ids["a"], position=0, version=0, repeated=True),
    ]
    assert opened.log.size() == 3


def test_the_same_event_twice_in_one_append_is_recorded_once(opened: Opened) -> None:
    with opened.store.write() as tx:
        first, second = opened.log.append(tx, [draft("a"), draft("a")])
    assert not first.repeated
    assert second == first.again()
    assert opened.log.size() == 1


def test_a_repeat_is_no_conflict_though_its_stream_has_moved_since(opened: Opened) -> None:
    append(opened, draft("a", stream="x", expected_version=NOTHING))
    append(opened, draft("b", stream="x"))
    assert append(opened, draft("a", stream="x", expected_version=NOTHING)) == [0]


@pytest.mark.parametrize("together", [True, False])
def test_another_content_under_the_same_id_is_a_conflict(opened: Opened, *, together: bool) -> None:
    if not together:
        append(opened, draft("a"))
    with pytest.raises(Conflict, match="eventlog.id_reused"):
        append(opened, *[draft("a")] * together, draft("a", voices=2))
    assert opened.log.size() == (0 if together else 1)


def test_a_rollback_leaves_no_gap(opened: Opened) -> None:
    append(opened, draft("a"))
    with suppress(ZeroDivisionError), opened.store.write() as tx:
        opened.log.append(tx, [draft("b"), draft("c")])
        raise ZeroDivisionError
    assert append(opened, draft("d")) == [1]
    assert len(seen(opened.store)) == 2


def test_two_appends_in_one_transaction_go_on_from_each_other(opened: Opened) -> None:
    with opened.store.write() as tx:
        opened.log.append(tx, [draft("a", stream="x")])
        (place,) = opened.log.append(tx, [draft("b", stream="x", expected_version=0)])
    assert (place.position, place.version) == (1, 1)


def test_the_read_model_is_of_the_same_transaction(opened: Opened) -> None:
    append(opened, draft("a"), draft("b"))
    origin = opened.log.origin
    assert seen(opened.store) == [(origin, 0, draft("a").id), (origin, 1, draft("b").id)]


def test_a_read_model_that_fails_takes_the_append_with_it(opened: Opened) -> None:
    unreadable = replace(draft("a"), id="unreadable")
    with pytest.raises(sa.exc.IntegrityError):
        append(opened, draft("b"), unreadable)
    assert opened.log.size() == 0
    assert append(opened, draft("b")) == [0]


def test_a_repeat_does_not_reach_the_read_model(opened: Opened) -> None:
    append(opened, draft("a"))
    append(opened, draft("a"))
    assert len(seen(opened.store)) == 1


def test_the_relay_is_woken_once_after_the_commit(opened: Opened) -> None:
    woken = []
    opened.ledger.on_append(lambda: woken.append(opened.log.size()))
    with opened.store.write() as tx:
        opened.log.append(tx, [draft("a")])
        opened.log.append(tx, [draft("b")])
        assert woken == []
    assert woken == [2]
    append(opened, draft("a"))
    assert woken == [2]


def test_provinces_with_equal_positions_and_streams_never_mix(opened: Opened) -> None:
    for province in ("ha-noi", "ha-nam"):
        for name in ("a", "b"):
            given = replace(draft(name, stream="x"), id=f"{province}-{name}")
            append(opened, given, province=province)
    for province in ("ha-noi", "ha-nam"):
        log = opened.ledger.log(province)
        entries = log.read(NOTHING)
        assert [entry.document["source"] for entry in entries] == [log.origin] * 2
        assert [entry.recorded().event_id for entry in entries] == [
            f"{province}-a",
            f"{province}-b",
        ]
        assert [entry.recorded().version for entry in entries] == [0, 1]
    assert opened.ledger.log("ninh-binh").read(NOTHING) == []


def test_an_id_is_known_within_its_log_only(opened: Opened) -> None:
    for province in ("ha-noi", "ha-nam"):
        assert append(opened, draft("a"), province=province) == [0]


def skipped(consumer: str) -> Draft:
    """Return an event with a text of free length."""
    reason = TextRef(text_id="t", owner="o", commitment="c", visibility=Visibility.RESTRICTED)
    return replace(
        draft("skipped"),
        event=EntrySkipped(consumer=consumer, origin="o", position=0, reason=reason),
    )


def test_an_entry_may_have_65535_bytes_and_not_one_more(opened: Opened) -> None:
    append(opened, skipped(""))
    spare = ENTRY_MAX_BYTES - len(opened.log.read(NOTHING)[0].content)
    with pytest.raises(TooLarge, match="eventlog.entry_too_large"):
        append(opened, replace(skipped("x" * (spare + 1)), id="y" * 36, stream="opinion-skippe2"))
    append(opened, replace(skipped("x" * spare), id="z" * 36, stream="opinion-skippe3"))
    assert [len(entry.content) for entry in opened.log.read(0)] == [ENTRY_MAX_BYTES]


def test_text_that_is_not_canonical_is_refused_and_records_nothing(opened: Opened) -> None:
    with pytest.raises(ContractError, match="contract.not_canonical"):
        append(opened, draft("b"), skipped("Ba Đi\u0300nh"))
    assert opened.log.size() == 0


def test_a_position_that_somebody_filled_behind_the_log_raises_the_alarm(opened: Opened) -> None:
    append(opened, draft("a"))
    with opened.store.write() as tx:
        tx.connection.execute(
            TABLES.entry.insert(),
            {
                "log_no": opened.log.log_no,
                "position": 1,
                "stream": "forged",
                "version": 0,
                "id": "forged",
                "type": "Forged",
                "time": "",
                "entry": b"secret bytes",
                "leaf": bytes(32),
            },
        )
    with pytest.raises(LogTampered, match="eventlog.index_differs") as caught:
        append(opened, draft("b"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_list_of_forty_thousand_streams_and_ids_is_no_problem(opened: Opened) -> None:
    names = [f"n{number}" for number in range(40_000)]
    with opened.store.read() as connection:
        assert opened.log.load(connection, names) == {name: [] for name in names}
    with opened.store.write() as tx:
        head, past = opened.log.open(tx, names)
        assert (head.next_position, len(past)) == (0, 40_000)


def test_loading_returns_each_stream_oldest_first(opened: Opened) -> None:
    append(opened, draft("a", stream="x"), draft("b", stream="y"), draft("c", stream="x"))
    with opened.store.read() as connection:
        found = opened.log.load(connection, ["y", "x", "z"])
    assert {name: [entry.position for entry in entries] for name, entries in found.items()} == {
        "y": [1],
        "x": [0, 2],
        "z": [],
    }
