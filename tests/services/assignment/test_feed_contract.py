from typing import Any

import jsonschema
import pytest

from services.assignment.feed import concerned
from services.assignment.feed_contract import FEED_TYPES, asyncapi, event_schema
from shared.contracts import EVENT_TYPES
from shared.contracts.assignment_dimensions import AssignmentDimensions
from shared.eventlog import Draft
from tests.services.assignment.matters import ISSUED, TEXT, accepted, missed, submitted

SAMPLES = {type(event).__name__: event for event in (ISSUED, accepted(), submitted(), missed())}


def document(name: str) -> dict[str, Any]:
    draft = Draft(
        id="e-1",
        stream="assignment-a-1",
        event=SAMPLES[name],
        actor="seat",
        occurred_at="2019-05-20T05:00:00.000000Z",
    )
    envelope = draft.envelope("test.local/ha-noi/assignment")
    return {**envelope, "time": "2019-05-20T05:00:00.000000Z", "streamversion": 0}


def test_every_event_that_can_stand_in_a_feed_is_in_the_contract() -> None:
    in_feeds = {
        name for name, contract in EVENT_TYPES.items() if issubclass(contract, AssignmentDimensions)
    }
    components = asyncapi()["components"]
    assert set(components["messages"]) == set(components["schemas"]) == in_feeds
    assert set(asyncapi()["channels"]["agencyFeed"]["messages"]) == in_feeds
    assert all(concerned(sample) for sample in SAMPLES.values())


@pytest.mark.parametrize("name", sorted(FEED_TYPES))
def test_every_schema_is_a_json_schema(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(event_schema(name))


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_written_fits_its_schema(name: str) -> None:
    jsonschema.validate(document(name), event_schema(name), jsonschema.Draft7Validator)


@pytest.mark.parametrize("field", ["agency", "due_on", "id"])
def test_what_lacks_a_field_does_not_fit(field: str) -> None:
    written = document("AssignmentIssued")
    if field == "id":
        del written["id"]
    else:
        del written["data"][field]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, event_schema("AssignmentIssued"), jsonschema.Draft7Validator)


def test_a_newer_field_still_fits() -> None:
    written = document("AssignmentIssued")
    written["data"]["added_later"] = 1
    jsonschema.validate(written, event_schema("AssignmentIssued"), jsonschema.Draft7Validator)


def test_the_contract_shows_a_text_as_a_reference_and_never_as_words() -> None:
    properties = event_schema("AnswerSubmitted")["properties"]["data"]["properties"]
    assert set(properties["text"]["properties"]) == {
        "text_id",
        "owner",
        "commitment",
        "visibility",
    }
    assert document("AnswerSubmitted")["data"]["text"]["text_id"] == TEXT.text_id
