import hashlib
import json
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from shared import wire
from shared.contracts import EVENT_TYPES
from shared.eventlog.entry import Draft, Entry, entry_bytes
from shared.wire.codec import schema_version
from tests.contracts.golden import (
    FOLDER,
    ORIGIN,
    SUMS,
    entries_of,
    files_of,
    missing,
    version_of,
    write_missing,
)

FILES = sorted(FOLDER.glob("*.json"))
ENTRIES = [
    pytest.param(file, line, id=f"{file.stem}-{number}")
    for file in FILES
    for number, line in enumerate(entries_of(file))
]


def test_every_event_type_and_field_is_pinned() -> None:
    assert [file.name for _, file in missing()] == [], "run: python -m tests.contracts.golden"


def test_no_golden_file_was_ever_changed_or_removed() -> None:
    lines = (line.split() for line in SUMS.read_text("ascii").splitlines())
    pinned = {name: digest for digest, name in lines}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES}
    assert found == pinned


def test_every_golden_file_is_of_a_type_that_is_known() -> None:
    assert {file.name.split(".v")[0] for file in FILES} == set(EVENT_TYPES)


@pytest.mark.parametrize(("file", "line"), ENTRIES)
def test_golden_bytes_are_canonical(file: Path, line: bytes) -> None:
    assert wire.canonical(json.loads(line)) == line


@pytest.mark.parametrize(("file", "line"), ENTRIES)
def test_old_bytes_can_be_read_by_a_replay_and_by_other_services(file: Path, line: bytes) -> None:
    entry = Entry(ORIGIN, 0, line)
    assert entry.document["schemaversion"] == version_of(file)
    recorded = entry.recorded()
    assert entry.checked() == recorded
    assert type(recorded.event).__name__ == file.name.split(".v")[0]


def rewritten(line: bytes) -> bytes:
    """Return the entry as today's code writes the same event."""
    recorded = Entry(ORIGIN, 0, line).recorded()
    draft = Draft(
        id=recorded.event_id,
        stream=recorded.stream,
        event=recorded.event,
        actor=recorded.actor,
        occurred_at=recorded.occurred_at,
        correlation_id=recorded.correlation_id,
        causation_id=recorded.causation_id,
        references=json.loads(line).get("references"),
    )
    return entry_bytes(draft.envelope(ORIGIN), time=recorded.time, version=recorded.version)


def without_added_defaults(line: bytes, original: bytes) -> bytes:
    """Return `line` without fields that the contract has gained since, at their default."""
    document, data = json.loads(line), json.loads(original)["data"]
    defaults = {
        field.name: field.default
        for field in fields(EVENT_TYPES[document["type"]])
        if field.default is not MISSING
    }
    document["data"] = {
        name: value
        for name, value in document["data"].items()
        if name in data or name not in defaults or value != defaults[name]
    }
    return wire.canonical(document)


@pytest.mark.parametrize(("file", "line"), ENTRIES)
def test_todays_code_writes_the_same_event_in_the_same_bytes(file: Path, line: bytes) -> None:
    name = file.name.split(".v")[0]
    if version_of(file) == schema_version(name):
        assert without_added_defaults(rewritten(line), line) == line


def test_writing_what_is_missing_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.contracts.golden.FOLDER", tmp_path)
    monkeypatch.setattr("tests.contracts.golden.SUMS", tmp_path / "SHA256SUMS")
    first = write_missing()
    assert len(first) == len(EVENT_TYPES)
    before = {file: file.read_bytes() for file in first}
    assert write_missing() == []
    assert {file: file.read_bytes() for file in first} == before


def test_a_field_that_is_added_gets_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.contracts.golden.FOLDER", tmp_path)
    (pinned,) = files_of("OpinionAccepted") or [FOLDER / "OpinionAccepted.v1.json"]
    lines = [json.loads(line) for line in entries_of(pinned)]
    for document in lines:
        document["data"].pop("held_on", None)
    older = b",\n".join(map(wire.canonical, lines))
    (tmp_path / "OpinionAccepted.v1.json").write_bytes(b"[\n" + older + b"\n]\n")
    new = {name: file.name for name, file in missing()}
    assert new["OpinionAccepted"] == "OpinionAccepted.v1-2.json"
    assert new["OpinionDeclined"] == "OpinionDeclined.v1.json"
