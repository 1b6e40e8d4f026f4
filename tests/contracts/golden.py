"""`python -m tests.contracts.golden`: pin the bytes of what is new in the contracts.

A file holds entries as they lie in a log, one to a line: an example with every field and
one with as few as possible. Files are added, never changed: another schema version, or a
field that no file shows, makes a file of its own. `SHA256SUMS` tells when one was touched.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from shared.contracts import EVENT_TYPES, Event
from shared.eventlog.entry import Draft, entry_bytes
from shared.kernel.ids import derived_id
from shared.wire.codec import schema_version
from tests.contracts.examples import full, minimal

FOLDER = Path(__file__).parent / "golden"
SUMS = FOLDER / "SHA256SUMS"
ORIGIN = "doithoai.test/ha-noi/golden"
_TIME = "2021-03-02T03:04:05.678901Z"


def entries_of(file: Path) -> list[bytes]:
    """Return the entries in a golden file, as they were written."""
    first, *lines, last = file.read_bytes().splitlines()
    assert (first, last) == (b"[", b"]")
    return [line.removesuffix(b",") for line in lines]


def files_of(name: str) -> list[Path]:
    """Return the golden files of a type, of every version and addition."""
    return sorted(FOLDER.glob(f"{name}.v*.json"))


def missing() -> Iterator[tuple[str, Path]]:
    """Yield each type whose current form is not pinned yet, and the file that would do it."""
    for name, contract in EVENT_TYPES.items():
        version = schema_version(name)
        shown: set[str] = set()
        files = [file for file in files_of(name) if version_of(file) == version]
        for file in files:
            for entry in entries_of(file):
                shown |= json.loads(entry)["data"].keys()
        if {field.name for field in fields(contract)} - shown or not files:
            addition = f"-{len(files) + 1}" if files else ""
            yield name, FOLDER / f"{name}.v{version}{addition}.json"


def version_of(file: Path) -> int:
    """Return the schema version that the file shows: 1 of `OpinionReceived.v1-2.json`."""
    return int(file.name.split(".v")[1].removesuffix(".json").split("-")[0])


def written(event: Event, example: str) -> bytes:
    """Return the event as an entry."""
    name = type(event).__name__
    draft = Draft(
        id=derived_id("golden", name, example),
        stream=f"golden-{name}",
        event=event,
        actor="test/golden",
        occurred_at="2021-03-02T03:04:05.000000Z",
        causation_id=derived_id("golden", "cause") if example == "full" else None,
        references="routing@1 calendar@2026" if example == "full" else None,
    )
    return entry_bytes(draft.envelope(ORIGIN), time=_TIME, version=0)


def write_missing() -> list[Path]:
    """Write what is missing; return the new files. Nothing is ever overwritten."""
    new = []
    for name, file in missing():
        contract = EVENT_TYPES[name]
        lines = [written(full(contract), "full"), written(minimal(contract), "minimal")]
        with file.open("xb") as target:
            target.write(b"[\n" + b",\n".join(lines) + b"\n]\n")
        with SUMS.open("a", encoding="ascii") as sums:
            sums.write(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")
        new.append(file)
    return new


if __name__ == "__main__":
    for path in write_missing():
        print(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)  # noqa: T201
