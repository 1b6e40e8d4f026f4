"""Laws of the wire, for every event type there is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import wire
from shared.contracts import EVENT_TYPES
from shared.contracts.intake import OpinionAccepted
from shared.kernel.errors import ContractError
from shared.wire import codec, schemas, upcasters
from tests.contracts.examples import any_event, full, minimal

TYPES = sorted(EVENT_TYPES)
brisk = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def over_the_wire(event: Any) -> Any:
    """Return what a reader gets."""
    return json.loads(wire.canonical(wire.encode(event)))


@pytest.mark.parametrize("name", TYPES)
@brisk
@given(data=st.data())
def test_what_is_decoded_is_what_was_encoded(name: str, data: st.DataObject) -> None:
    event = data.draw(any_event(name))
    received = over_the_wire(event)
    assert wire.decode(name, 1, received) == event
    assert wire.check(name, 1, received) == event


@pytest.mark.parametrize("name", TYPES)
@brisk
@given(data=st.data())
def test_encoding_again_gives_the_same_document(name: str, data: st.DataObject) -> None:
    event = data.draw(any_event(name))
    assert wire.encode(wire.decode(name, 1, over_the_wire(event))) == wire.encode(event)


@pytest.mark.parametrize("name", TYPES)
def test_a_field_that_is_not_stated_is_left_out(name: str) -> None:
    contract = EVENT_TYPES[name]
    optional = {field.name for field in fields(contract) if get_default(field) is None}
    assert set(wire.encode(minimal(contract))) & optional == set()
    assert set(wire.encode(full(contract))) == {field.name for field in fields(contract)}


def get_default(field: Any) -> Any:
    """Return a field's default; the field itself when it has none."""
    return field if field.default is MISSING else field.default


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("read", [wire.decode, wire.check])
def test_fields_of_newer_writers_are_ignored(name: str, read: Any) -> None:
    event = full(EVENT_TYPES[name])
    received = over_the_wire(event) | {"added_later": {"x": [1]}}
    assert read(name, 1, received) == event


def test_fields_within_a_text_reference_are_ignored_too() -> None:
    event: Any = full(EVENT_TYPES["OpinionReceived"])
    received = over_the_wire(event)
    received["text"]["added_later"] = 1
    assert wire.check("OpinionReceived", 1, received) == event
    assert wire.decode("OpinionReceived", 1, received) == event


SECRET = "Nguyễn Văn A 0912345678"


def wrong_values(hint: Any) -> Iterator[Any]:
    """Yield values that a field of this type must not take."""
    hint, optional = codec.unwrap_optional(hint)
    if not optional:
        yield None
    if get_origin(hint) is tuple:
        yield from (SECRET, {"0": SECRET}, 1)
        yield from ([wrong] for wrong in wrong_values(get_args(hint)[0]))
    elif hint is str:
        yield from (1, True, [SECRET], {"x": SECRET}, 1.5)
    elif hint is bool:
        yield from (SECRET, 1, 0, "true", [True])
    elif hint is int:
        yield from (SECRET, "1", 1.5, [1], True)
    elif hint is date:
        yield from (SECRET, 20210301, "2021-02-30", "01/03/2021", ["2021-03-01"])
    elif isinstance(hint, type) and issubclass(hint, StrEnum):
        yield from (SECRET, 1, ["x"], hint.__members__.copy())
    else:
        yield from (SECRET, 1, [], {})


def found_at(name: str, received: Any) -> Mapping[str, object]:
    """Return the facts of the refusal of `received`; {} when there is none, or it leaks."""
    try:
        wire.check(name, 1, received)
    except ContractError as error:
        return {} if error.__context__ else error.facts
    return {}


@pytest.mark.parametrize("name", TYPES)
def test_every_wrong_type_is_found_and_only_its_place_named(name: str) -> None:
    right = over_the_wire(full(EVENT_TYPES[name]))
    tried = [
        (field, value)
        for field, hint in get_type_hints(EVENT_TYPES[name]).items()
        for value in wrong_values(hint)
    ]
    assert len(tried) >= 5 * len(right)
    missed = [
        (field, value)
        for field, value in tried
        if found_at(name, right | {field: value}) != {"type": name, "fields": field}
    ]
    assert missed == []


@pytest.mark.parametrize("name", TYPES)
def test_every_missing_field_is_found(name: str) -> None:
    contract = EVENT_TYPES[name]
    required = {field.name for field in fields(contract) if field.default is MISSING}
    with pytest.raises(ContractError, match="contract.invalid_body") as caught:
        wire.check(name, 1, {})
    assert caught.value.facts["fields"] == ",".join(sorted(required))
    with pytest.raises(ContractError, match="contract.invalid_body"):
        wire.decode(name, 1, {})


@pytest.mark.parametrize("data", [None, [], "text", 1])
def test_a_body_that_is_no_object_is_refused(data: Any) -> None:
    for read in (wire.check, wire.decode):
        with pytest.raises(ContractError, match="contract.invalid_body"):
            read("OpinionAccepted", 1, data)


@pytest.mark.parametrize("read", [wire.decode, wire.check])
def test_a_type_or_version_from_the_future_is_refused(read: Any) -> None:
    with pytest.raises(ContractError, match="contract.unknown_type"):
        read("OpinionTeleported", 1, {})
    with pytest.raises(ContractError, match="contract.unknown_version") as caught:
        read("OpinionAccepted", 2, over_the_wire(full(OpinionAccepted)))
    assert caught.value.facts == {"type": "OpinionAccepted", "version": 2}


@pytest.mark.parametrize("version", [0, -1, True, "1", None, 1.0])
@pytest.mark.parametrize("read", [wire.decode, wire.check])
def test_a_version_that_never_was_is_refused(read: Any, version: Any) -> None:
    with pytest.raises(ContractError, match="fields=schemaversion"):
        read("OpinionAccepted", version, over_the_wire(full(OpinionAccepted)))


@pytest.fixture
def at_version_3(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let OpinionAccepted have changed twice: `voices` was a text, and before that `people`."""

    def renamed(data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {("voices" if key == "people" else key): value for key, value in data.items()}

    def counted(data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "voices": int(data["voices"])}

    versions = {"OpinionAccepted": 3}
    monkeypatch.setattr(upcasters, "SCHEMA_VERSIONS", versions)
    monkeypatch.setattr(codec, "SCHEMA_VERSIONS", versions)
    steps = {("OpinionAccepted", 1): renamed, ("OpinionAccepted", 2): counted}
    monkeypatch.setattr(upcasters, "STEPS", steps)


@pytest.mark.usefixtures("at_version_3")
@pytest.mark.parametrize("read", [wire.decode, wire.check])
def test_old_versions_are_brought_up_step_by_step_and_stay_as_they_are(read: Any) -> None:
    event: Any = full(OpinionAccepted)
    data = over_the_wire(event)
    second = MappingProxyType(data | {"voices": str(event.voices)})
    first = MappingProxyType(
        {key: value for key, value in second.items() if key != "voices"}
        | {"people": second["voices"]}
    )
    assert read("OpinionAccepted", 3, data) == event
    assert read("OpinionAccepted", 2, second) == event
    assert read("OpinionAccepted", 1, first) == event
    assert codec.schema_version("OpinionAccepted") == 3


def test_a_type_that_the_wire_does_not_carry_is_found_when_it_is_first_used() -> None:
    @dataclass(frozen=True)
    class Weighed:
        kilogram: float

    with pytest.raises(TypeError, match="does not carry"):
        wire.encode_value(Weighed(1.5))
    with pytest.raises(TypeError, match="does not carry"):
        schemas.schema_of(Weighed)


@pytest.mark.parametrize("name", TYPES)
def test_generated_documents_see_every_field(name: str) -> None:
    assert list(wire.json_schema_fields(name)) == [
        field.name for field in fields(EVENT_TYPES[name])
    ]
