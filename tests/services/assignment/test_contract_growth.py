"""The feed's contract only grows: agencies that rely on a release can rely on all after it.

`contract/` keeps the document of each release as it was. To change the contract: raise
`CONTRACT_VERSION`, then run `python -m tests.services.assignment.test_contract_growth`,
which adds a file and changes none.
"""

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.assignment.feed_contract import CONTRACT_VERSION, asyncapi

FOLDER = Path(__file__).parent / "contract"
SUMS = FOLDER / "SHA256SUMS"
FILES = sorted(FOLDER.glob("*.json"))
WORDS = ("description", "summary", "title")
"""For people; may be said better."""


def shrunk(before: Any, after: Any, place: str = "") -> list[str]:
    """Return the places where `after` promises less, or something else, than `before`.

    What a message always has must stay so; a new value of an enumeration, a new field, a
    new type, a higher maximum are what a reader has to pass over or may use.
    """
    match before, after:
        case dict(), dict():
            lost = [f"{place}/{name}" for name in before if name not in after]
            return lost + [
                found
                for name in before
                if name in after and not (name in WORDS and isinstance(before[name], str))
                for found in shrunk(before[name], after[name], f"{place}/{name}")
            ]
        case list(), list():  # `required`, `enum`: sets of names
            return [f"{place}/{each}" for each in before if each not in after]
        case int(), int() if place.endswith("/maximum"):
            return [] if after >= before else [place]
        case _:
            return [] if before == after or place == "/info/version" else [place]


def without_words(document: Any) -> Any:
    """Return the document without what is there for people alone."""
    if isinstance(document, dict):
        return {
            name: without_words(value)
            for name, value in document.items()
            if not (name in WORDS and isinstance(value, str))
        }
    return [without_words(each) for each in document] if isinstance(document, list) else document


def write_release() -> None:
    """Keep today's contract as the release of its version; never over another."""
    file = FOLDER / f"{CONTRACT_VERSION}.json"
    text = json.dumps(asyncapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with file.open("x", encoding="utf-8") as target:
        target.write(text)
    with SUMS.open("a", encoding="ascii") as sums:
        sums.write(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n")


def test_today_s_contract_is_kept_under_its_version() -> None:
    kept = json.loads((FOLDER / f"{CONTRACT_VERSION}.json").read_text(encoding="utf-8"))
    assert without_words(asyncapi()) == without_words(kept)


def test_no_release_was_ever_changed_or_removed() -> None:
    lines = (line.split() for line in SUMS.read_text("ascii").splitlines())
    pinned = {name: digest for digest, name in lines}
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FILES} == pinned


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_everything_of_an_earlier_release_of_the_major_still_holds(file: Path) -> None:
    assert file.stem.split(".")[0] == CONTRACT_VERSION.split(".")[0]
    assert shrunk(json.loads(file.read_text(encoding="utf-8")), asyncapi()) == []


def schema(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]["AssignmentIssued"]["schema"]
    return found


def data(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema(document)["properties"]["data"]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["channels"].pop("agencyWebhook"),
        lambda document: document["channels"]["agencyFeed"]["messages"].pop("DeadlineMissed"),
        lambda document: document["components"]["schemas"].pop("AnswerReleased"),
        lambda document: data(document)["properties"].pop("due_on"),
        lambda document: data(document)["required"].remove("due_on"),
        lambda document: data(document)["properties"]["round"].update(type="string"),
        lambda document: data(document)["properties"]["level"]["enum"].pop(),
        lambda document: schema(document)["properties"]["schemaversion"].update(maximum=0),
        lambda document: schema(document).pop("type"),
        lambda document: document["channels"]["agencyFeed"].update(address="{agency}"),
    ],
)
def test_whatever_is_taken_away_or_changed_is_noticed(
    change: Callable[[dict[str, Any]], object],
) -> None:
    changed = copy.deepcopy(asyncapi())
    change(changed)
    assert len(shrunk(asyncapi(), changed)) == 1


def test_whatever_is_added_is_growth() -> None:
    grown = copy.deepcopy(asyncapi())
    data(grown)["properties"]["added_later"] = {"type": "string"}
    data(grown)["required"].append("added_later")
    data(grown)["properties"]["level"]["enum"].append("added_later")
    schema(grown)["properties"]["schemaversion"]["maximum"] = 9
    grown["channels"]["addedLater"] = {"address": None}
    grown["info"]["description"] = "said better"
    grown["info"]["version"] = "1.9.0"
    assert shrunk(asyncapi(), grown) == []


if __name__ == "__main__":
    write_release()
