import json
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from shared.eventlog import Draft, Entry
from shared.eventlog.entry import entry_bytes
from shared.eventlog.proof import leaf_hash
from shared.kernel.errors import ContractError
from tests.contracts.examples import full
from tests.shared.eventlog.trees import patiently
from tests.stores.logs import accepted, draft

ORIGIN = "doithoai.test/ha-noi/intake"


@pytest.mark.parametrize(
    ("content", "leaf"),
    [
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
        ("10", "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"),
        ("2021", "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"),
    ],
)
def test_the_leaf_hash_is_that_of_rfc_6962(content: str, leaf: str) -> None:
    """Source: the test vectors of the Certificate Transparency reference implementation."""
    assert leaf_hash(bytes.fromhex(content)).hex() == leaf
    assert Entry(ORIGIN, 0, bytes.fromhex(content)).leaf.hex() == leaf


def test_the_envelope_leaves_out_what_only_the_log_knows() -> None:
    envelope = draft("a").envelope(ORIGIN)
    assert {"time", "streamversion"} & envelope.keys() == set()
    assert {"causationid", "references"} & envelope.keys() == set()
    assert envelope["source"] == ORIGIN
    assert envelope["correlationid"] == envelope["id"]


def test_what_is_read_is_what_was_drafted() -> None:
    given = Draft(
        id="id",
        stream="stream",
        event=accepted("x"),
        actor="test/seat",
        occurred_at="2021-03-01T05:00:00.000000Z",
        correlation_id="whole",
        causation_id="cause",
        references="routing@1",
    )
    content = entry_bytes(given.envelope(ORIGIN), time="2021-03-02T00:00:00.000000Z", version=7)
    recorded = Entry(ORIGIN, 9, content).recorded()
    assert recorded.event == given.event
    assert (recorded.event_id, recorded.stream, recorded.version) == ("id", "stream", 7)
    assert (recorded.origin, recorded.position, recorded.province) == (ORIGIN, 9, "ha-noi")
    assert (recorded.time, recorded.occurred_at) == (
        "2021-03-02T00:00:00.000000Z",
        "2021-03-01T05:00:00.000000Z",
    )
    assert (recorded.actor, recorded.correlation_id, recorded.causation_id) == (
        "test/seat",
        "whole",
        "cause",
    )


SECRET = "Nguyễn Văn A"
BROKEN = {
    "not JSON": f"{{{SECRET}".encode(),
    "not UTF-8": b'{"a":"\xff"}',
    "no object": json.dumps([SECRET]).encode(),
    "too deep": b"[" * 100_000,
    "empty object": b"{}",
    "data missing": json.dumps(
        {"id": SECRET, "subject": SECRET, "type": "OpinionAccepted", "schemaversion": 1}
    ).encode(),
}


@pytest.mark.parametrize("case", BROKEN)
def test_bytes_that_are_no_envelope_are_refused_without_being_quoted(case: str) -> None:
    entry = Entry(ORIGIN, 0, BROKEN[case])
    for read in (entry.recorded, entry.checked):
        with pytest.raises(ContractError, match="contract.invalid_envelope") as caught:
            read()
        assert SECRET not in str(caught.value)
        assert caught.value.facts == {"origin": ORIGIN}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", 1),
        ("id", None),
        ("time", 20210301),
        ("streamversion", "0"),
        ("streamversion", True),
        ("actor", ["x"]),
        ("correlationid", {}),
        ("causationid", 1),
        ("occurredat", 1),
        ("subject", ""),
        ("streamversion", -1),
        ("source", "doithoai.test/ha-nam/intake"),
    ],
)
def test_another_services_envelope_is_checked_field_by_field(field: str, value: Any) -> None:
    document = draft("a").envelope(ORIGIN) | {"time": "2021", "streamversion": 0, field: value}
    with pytest.raises(ContractError, match="contract.invalid_envelope"):
        Entry(ORIGIN, 0, json.dumps(document).encode()).checked()


@pytest.mark.parametrize("name", ["type", "data", "schemaversion"])
def test_a_type_or_body_of_the_wrong_shape_is_refused(name: str) -> None:
    for value in (None, [], ["x"], 1.5):
        document = draft("a").envelope(ORIGIN) | {"time": "2021", "streamversion": 0, name: value}
        with pytest.raises(ContractError):
            Entry(ORIGIN, 0, json.dumps(document).encode()).checked()


def test_a_wrong_body_is_found_when_it_is_checked() -> None:
    document = draft("a").envelope(ORIGIN) | {"time": "2021", "streamversion": 0}
    document["data"] = document["data"] | {"voices": "many"}
    entry = Entry(ORIGIN, 0, json.dumps(document).encode())
    with pytest.raises(ContractError, match="contract.invalid_body"):
        entry.checked()


def test_an_example_of_every_field_goes_through() -> None:
    event: Any = full(type(accepted("x")))
    given = Draft(id="id", stream="s", event=event, actor="a", occurred_at="2021")
    content = entry_bytes(given.envelope(ORIGIN), time="2021", version=0)
    assert Entry(ORIGIN, 0, content).checked().event == event


WHOLE = json.dumps(draft("a").envelope(ORIGIN) | {"time": "2021", "streamversion": 0}).encode()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw an entry with a piece replaced, or a field that says something else."""
    if draw(st.booleans()):
        document = json.loads(WHOLE)
        above = draw(st.sampled_from([document, document["data"]]))
        above[draw(st.sampled_from(sorted(above)))] = draw(VALUES)
        return json.dumps(document).encode()
    start = draw(st.integers(0, len(WHOLE)))
    end = draw(st.integers(start, min(len(WHOLE), start + 30)))
    return WHOLE[:start] + draw(st.binary(max_size=5)) + WHOLE[end:]


@patiently
@drawn(damaged() | st.binary(max_size=100))
def test_whatever_another_service_sends_is_checked_or_refused(content: bytes) -> None:
    entry = Entry(ORIGIN, 0, content)
    try:
        recorded = entry.checked()
    except ContractError:
        return
    assert recorded.origin == ORIGIN
